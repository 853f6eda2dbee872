# METADATA
# title: No container gets all keys of a secret as variables
# description: >-
#   Keys that are added later arrive in the environment too, whether the program needs them or not, and every process of
#   the container inherits them.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Mount the keys that the program needs:
#     ```yaml
#     volumes:
#       - name: db
#         secret:
#           secretName: db-v1
#           items: [{key: password, path: password}]
#     ```
#   frameworks: {cis_kubernetes: ["5.4.1"], nist_800_53: ["AC-6"]}
#   aliases: []
package rules.secrets.whole_secret_in_env

deny contains {"msg": msg, "at": at} if {
	some container in input.containers
	some source in container.env_from
	source.kind == "Secret"
	source.name != null
	at := concat("", [container.at, ".envFrom"])
	msg := concat("", ["container ", container.name, " gets all keys of secret ", source.name, " as variables"])
}
