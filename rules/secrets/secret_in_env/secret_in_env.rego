# METADATA
# title: Secrets are mounted as files rather than set as variables
# description: >-
#   Every process of the container inherits its variables, crash reports and debug pages print them, and they keep the
#   old value until the Pod is replaced. A file has permissions of its own.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Mount the key, and let the program read the file:
#     ```yaml
#     volumes:
#       - name: db
#         secret:
#           secretName: db-v1
#           items: [{key: password, path: password}]
#     ```
#   frameworks: {cis_kubernetes: ["5.4.1"]}
#   aliases: [CKV_K8S_35, C-0207, read-secret-from-env-var]
package rules.secrets.secret_in_env

deny contains {"msg": msg, "at": at} if {
	some container in input.containers
	some variable in container.env
	variable.from.kind == "Secret"
	at := concat("", [container.at, ".env[", variable.name, "]"])
	msg := concat("", ["variable ", variable.name, " of container ", container.name, " holds a secret"])
}
