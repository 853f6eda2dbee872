# METADATA
# title: Variables hold no secrets
# description: >-
#   Whoever can read the manifest, the object or the Pod reads the secret: in Git and its history, in kubectl describe,
#   in crash dumps. It cannot be renewed without a release either. Known formats count everywhere, other values only
#   under the name of a secret; the value is never printed.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Keep it in a secret store, mount it as a file, and change the secret that was written down:
#     ```yaml
#     volumes:
#       - name: db
#         secret: {secretName: db-v1}
#     ```
#   frameworks: {nist_800_190: ["4.1.4"], nist_800_53: ["IA-5(7)"], pci_dss_4: ["8.6.2"]}
#   aliases: [env-var-secret, sensitiveContainerEnvVar, C-0259]
#   params:
#     harmless:
#       type: array
#       items: {type: string}
#       default: []
#       description: variables that look like a secret's and hold none
package rules.secrets.literal_in_env

deny contains {"msg": msg, "at": variable.at} if {
	some variable in input.secrets.variables
	not variable.name in input.params["secrets.literal_in_env"].harmless
	msg := concat("", ["variable ", variable.name, " of container ", variable.container, " holds ", variable.format])
}
