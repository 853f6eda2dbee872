# METADATA
# title: Database ports are open to their applications only
# description: >-
#   A database that answers the whole internet is found within hours, and emptied or encrypted for ransom soon after. Only its
#   applications need to reach it.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: critical
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Name who may connect:
#     ```hcl
#     ingress {
#       from_port       = 5432
#       to_port         = 5432
#       protocol        = "tcp"
#       security_groups = [aws_security_group.app.id]
#     }
#     ```
#   frameworks: {nist_800_53: ["SC-7"], pci_dss_4: ["1.3.1"]}
#   aliases: [CKV_GCP_88]
package rules.immutable_network.open_database_port

deny contains {"msg": msg, "at": rule.at} if {
	some rule in input.network_rules
	rule.direction == "ingress"
	rule.open != false
	count(rule.databases) > 0
	rule.administration == []
	msg := concat("", [input.address, " opens ", concat(", ", rule.databases), " to the whole world"])
}
