# METADATA
# title: Instances answer metadata requests only with a session token
# description: >-
#   Version 1 of the instance metadata service gives the machine's cloud credentials to whoever can make it fetch a URL, which one
#   careless web application is enough for. Version 2 asks for a token that such a request cannot bring.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: high
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Require the token:
#     ```hcl
#     metadata_options {
#       http_endpoint = "enabled"
#       http_tokens   = "required"
#     }
#     ```
#   frameworks: {pci_dss_4: ["2.2.6"]}
#   aliases: [CKV_AWS_79, AVD-AWS-0028, AVD-AWS-0130]
package rules.infrastructure.imds_v1_allowed

deny contains {"msg": msg, "at": "metadata_options.http_tokens"} if {
	input.block == "resource"
	input.type in {"aws_instance", "aws_launch_template", "aws_launch_configuration"}
	not _left_to_its_template
	_option("http_tokens") != "required"
	_option("http_endpoint") != "disabled"
	msg := concat("", [input.address, " lets version 1 of the metadata service be used"])
}

# An instance that sets no options takes those of its launch template, which is judged by itself.
_left_to_its_template if {
	input.type == "aws_instance"
	object.get(input.attributes, ["launch_template", 0], null) != null
	object.get(input.attributes, ["metadata_options", 0], null) == null
}

_option(name) := object.get(input.attributes, ["metadata_options", 0, name], null)
