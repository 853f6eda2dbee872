# METADATA
# title: Configuration stays well below the size limit
# description: >-
#   The API server refuses a ConfigMap or Secret of more than 1 MiB, so that the next line that somebody adds is the one
#   that cannot be released. What is so large is data rather than configuration.
# schemas:
#   - input: schema.configuration
# custom:
#   severity: medium
#   applies_to: [configuration]
#   owner: development
#   remediation: |
#     Put large files into the image or into object storage, or split them up.
#   frameworks: {}
#   aliases: []
#   params:
#     max_bytes:
#       type: integer
#       minimum: 1
#       default: 921600
#       description: bytes of all values together, 900 KiB by default
package rules.configuration.near_size_limit

deny contains {"msg": msg, "at": "data"} if {
	input.size > input.params["configuration.near_size_limit"].max_bytes
	msg := concat("", [lower(input.kind), " ", input.name, " has ", format_int(floor(input.size / 1024), 10), " KiB of at most 1024"])
}
