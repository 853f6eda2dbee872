# METADATA
# title: Only web ports are open to the world
# description: >-
#   A port that everybody can reach is scanned within minutes, and whatever listens there is tried with every flaw that is known.
#   What is for colleagues, partners or other machines needs to be open to them only.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: high
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
#   frameworks: {pci_dss_4: ["1.3.1"], nist_800_53: ["SC-7"]}
#   aliases: [CKV_AWS_277, AVD-AZU-0047, AVD-GCP-0027]
#   params:
#     allowed_ports:
#       type: array
#       items: {type: integer}
#       default: [80, 443]
#       description: ports that may be open to everybody
package rules.immutable_network.open_ingress

deny contains {"msg": msg, "at": rule.at} if {
	some rule in input.network_rules
	rule.direction == "ingress"
	rule.open != false
	rule.has_ports
	not _allowed(rule)
	not _has_a_rule_of_its_own(rule)
	msg := concat("", [input.address, " lets the whole world in at ", _ports(rule)])
}

_allowed(rule) if {
	rule.from_port == rule.to_port
	rule.from_port in input.params["immutable_network.open_ingress"].allowed_ports
}

# One port for logging in, or of a database, is denied by open_administration and open_database_port.
_has_a_rule_of_its_own(rule) if {
	rule.from_port == rule.to_port
	count(rule.administration) + count(rule.databases) > 0
}

_ports(rule) := concat(" ", ["port", format_int(rule.from_port, 10)]) if rule.from_port == rule.to_port

_ports(rule) := concat("", ["ports ", format_int(rule.from_port, 10), " to ", format_int(rule.to_port, 10)]) if {
	rule.from_port != rule.to_port
}

_ports(rule) := "ports that are not known" if null in {rule.from_port, rule.to_port}
