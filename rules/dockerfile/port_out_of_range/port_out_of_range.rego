# METADATA
# title: Exposed ports exist
# description: >-
#   Ports end at 65535. BuildKit refuses a larger one, other builders write it into the image, and nothing can ever
#   listen there: the number is a slip, and the right one is not declared.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile, image]
#   owner: development
#   remediation: |
#     Correct the number:
#     ```dockerfile
#     EXPOSE 8080
#     ```
#   frameworks: {}
#   aliases: [DL3011, DS-0008]
package rules.dockerfile.port_out_of_range

deny contains {"msg": msg, "at": port.at} if {
	some stage in input.stages
	some port in stage.ports
	port.port != null
	max([port.port, port.last]) > 65535
	msg := concat("", [stage.called, " exposes ", port.text, ", and ports end at 65535"])
}
