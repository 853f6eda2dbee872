# METADATA
# title: A changed start script replaces the instance
# description: >-
#   user_data runs once, when an instance first starts. A change of it stops and starts the same instance and is not carried out,
#   so the configuration says one thing and the machine does another until somebody replaces it.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Let a changed script make a new instance:
#     ```hcl
#     user_data                   = file("init.sh")
#     user_data_replace_on_change = true
#     ```
#   frameworks: {}
#   aliases: []
package rules.infrastructure.user_data_without_replacement

deny contains {"msg": msg, "at": "user_data_replace_on_change"} if {
	input.block == "resource"
	input.type == "aws_instance"
	some script in ["user_data", "user_data_base64"]
	_is_set(script)
	object.get(input.attributes, "user_data_replace_on_change", false) != true
	msg := concat("", [input.address, " keeps running when its ", script, " changes"])
}

_is_set(name) if input.attributes[name] != null

_is_set(name) if name in input.unknown
