# METADATA
# title: Machines reach only what they need
# description: >-
#   A machine that may talk to everybody can send data anywhere and fetch whatever an intruder wants. Most machines need a
#   registry, a database and a few services.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: low
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Name what may be reached:
#     ```hcl
#     egress {
#       from_port   = 443
#       to_port     = 443
#       protocol    = "tcp"
#       cidr_blocks = ["0.0.0.0/0"]
#     }
#     ```
#   frameworks: {pci_dss_4: ["1.3.2"]}
#   aliases: [CKV_AWS_382, AVD-AWS-0104, AVD-AZU-0051, AVD-GCP-0035]
#   params:
#     allowed_ports:
#       type: array
#       items: {type: integer}
#       default: [80, 443]
#       description: ports that may be reached anywhere
package rules.immutable_network.open_egress

deny contains {"msg": msg, "at": rule.at} if {
	some rule in input.network_rules
	rule.direction == "egress"
	rule.open != false
	rule.has_ports
	not _allowed(rule)
	msg := concat("", [input.address, " may reach the whole world"])
}

_allowed(rule) if {
	rule.from_port == rule.to_port
	rule.from_port in input.params["immutable_network.open_egress"].allowed_ports
}
