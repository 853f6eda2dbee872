# METADATA
# title: Configuration that a workload reads holds something
# description: >-
#   A workload reads it, and there is nothing in it: often a template that was filled with the wrong values, or a file
#   that was left behind. An empty ConfigMap counts where it is immutable, since nobody can fill it later.
# schemas:
#   - input: schema.configuration
# custom:
#   severity: info
#   applies_to: [configuration]
#   owner: development
#   remediation: |
#     Fill it, stop reading it, or say where its content comes from:
#     ```yaml
#     configMapRef:
#       name: web-overrides
#       optional: true
#     ```
#   frameworks: {}
#   aliases: []
package rules.configuration.empty_configuration

deny contains {"msg": msg, "at": "data"} if {
	input.kind == "ConfigMap"
	count(input.used_by) > 0
	count(input.keys) == 0
	input.immutable
	msg := concat("", ["config map ", input.name, " is empty, and stays so"])
}

deny contains {"msg": msg, "at": key.at} if {
	input.kind == "ConfigMap"
	count(input.used_by) > 0
	some key in input.keys
	key.empty
	key.format in {"yaml", "toml", "xml", "properties"}
	msg := concat("", ["file ", key.key, " of config map ", input.name, " is empty"])
}
