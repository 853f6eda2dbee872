# METADATA
# title: Modules come in a fixed version
# description: >-
#   A module without a version, or from a branch, is whatever its author pushed last. The same commit of this repository then builds
#   different infrastructure on different days.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Name a version, or a tag or commit of a Git repository:
#     ```hcl
#     module "vpc" {
#       source  = "terraform-aws-modules/vpc/aws"
#       version = "6.0.1"
#     }
#     ```
#   frameworks: {}
#   aliases: [CKV_TF_2, terraform_module_pinned_source, terraform_module_version]
#   params:
#     mutable_refs:
#       type: array
#       items: {type: string}
#       default: [main, master, develop, dev, latest, HEAD]
#       description: names of Git references that move
package rules.infrastructure.module_not_pinned

deny contains {"msg": msg, "at": "version"} if {
	input.block == "module"
	regex.match(`^([\w.-]+/)?[\w-]+/[\w-]+/[\w-]+(//.*)?$`, input.attributes.source)
	not _is_repository
	object.get(input.attributes, "version", null) == null
	msg := concat("", [input.address, " takes whatever version of ", input.attributes.source, " is the newest"])
}

deny contains {"msg": msg, "at": "source"} if {
	input.block == "module"
	_is_repository
	not _names_a_version
	msg := concat("", [input.address, " takes whatever is in ", input.attributes.source])
}

_is_repository if regex.match(`^(git::|git@|github\.com/|bitbucket\.org/)`, input.attributes.source)

_names_a_version if {
	some part in split(replace(input.attributes.source, "&", "?"), "?")
	startswith(part, "ref=")
	ref := trim_prefix(part, "ref=")
	not ref in input.params["infrastructure.module_not_pinned"].mutable_refs
}
