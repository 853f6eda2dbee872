# METADATA
# title: Configuration files can be parsed
# description: >-
#   The program that reads it fails when it starts, or falls back to defaults in silence. Properties, JSON, YAML and
#   TOML are judged, by the key's suffix; whatever looks like a template is not.
# schemas:
#   - input: schema.configuration
# custom:
#   severity: medium
#   applies_to: [configuration]
#   owner: development
#   remediation: |
#     Mend the file, and parse it in the pipeline before it is released:
#     ```yaml
#     data:
#       web.json: |
#         {"level": "info"}
#     ```
#   frameworks: {nist_800_53: ["CM-6"]}
#   aliases: []
package rules.configuration.unparsable

deny contains {"msg": msg, "at": key.at} if {
	some key in input.keys
	key.error != null
	msg := concat("", [key.key, " of ", lower(input.kind), " ", input.name, " ", key.error.message, _line(key.error.line)])
}

_line(number) := concat("", [" (line ", format_int(number, 10), " of it)"]) if number != null

_line(null) := ""
