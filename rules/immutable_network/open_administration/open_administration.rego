# METADATA
# title: Nobody in the world may try to log in
# description: >-
#   Ports for logging in are tried by machines from everywhere, all day. One weak password, one leaked key or one flaw in the
#   server is an intrusion, and immutable machines need nobody to log in at all.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: critical
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Open it to nobody: a session manager needs no port, and an immutable machine nobody to log in. Or name who may connect:
#     ```hcl
#     ingress {
#       from_port       = 22
#       to_port         = 22
#       protocol        = "tcp"
#       security_groups = [aws_security_group.app.id]
#     }
#     ```
#   frameworks: {nist_800_53: ["SC-7", "AC-17"], pci_dss_4: ["1.3.1"]}
#   aliases:
#     - CKV_AWS_24
#     - CKV_AWS_25
#     - CKV_AZURE_9
#     - CKV_AZURE_10
#     - CKV_GCP_2
#     - CKV_GCP_3
#     - AVD-AWS-0107
#     - AVD-AZU-0048
#     - AVD-AZU-0050
#     - AVD-GCP-0070
#     - AVD-GCP-0071
package rules.immutable_network.open_administration

deny contains {"msg": msg, "at": rule.at} if {
	some rule in input.network_rules
	rule.direction == "ingress"
	rule.open != false
	count(rule.administration) > 0
	msg := concat("", [input.address, " opens ", concat(", ", rule.administration), " to the whole world"])
}
