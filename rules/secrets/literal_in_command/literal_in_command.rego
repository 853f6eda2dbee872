# METADATA
# title: Commands hold no secrets
# description: >-
#   Arguments are shown by ps to every process of the Pod and to the node, by kubectl describe to whoever may read Pods,
#   and are kept in Git. Flags, assignments in shell scripts and known formats are judged; the value is never printed.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Let the program read a file, and change the secret that was written down:
#     ```yaml
#     args: [--password-file=/etc/db/password]
#     ```
#   frameworks: {nist_800_190: ["4.1.4"], nist_800_53: ["IA-5(7)"], pci_dss_4: ["8.6.2"]}
#   aliases: []
package rules.secrets.literal_in_command

deny contains {"msg": msg, "at": argument.at} if {
	some argument in input.secrets.arguments
	msg := concat("", [_what(argument.name), " in the command of container ", argument.container, " holds ", argument.format])
}

_what(name) := name if name != null

_what(null) := "an argument"
