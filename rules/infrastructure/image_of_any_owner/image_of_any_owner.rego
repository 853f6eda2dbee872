# METADATA
# title: Images are looked up among those of a known owner
# description: >-
#   Anybody may publish an image under any name. A lookup that does not say whose images count takes the newest one that fits, and
#   that may be a stranger's, made for just this.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: high
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Say whose images count: your own account, or one that you trust by its number:
#     ```hcl
#     owners = ["self"]
#     ```
#   frameworks: {nist_800_53: ["SR-11"]}
#   aliases: [CKV_AWS_386, AVD-AWS-0344]
package rules.infrastructure.image_of_any_owner

deny contains {"msg": msg, "at": "owners"} if {
	input.block == "data"
	input.type in {"aws_ami", "aws_ami_ids"}
	object.get(input.attributes, "owners", []) == []
	not _names_owner
	msg := concat("", [input.address, " may find an image of any owner"])
}

_names_owner if {
	some filter in object.get(input.attributes, "filter", [])
	filter.name in {"owner-alias", "owner-id", "image-id"}
}
