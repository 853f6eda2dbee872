# METADATA
# title: Image references can be read
# description: >-
#   A reference that does not fit the grammar (an upper-case repository, a template that was not filled in) is refused by every
#   runtime, and no rule can say anything about it.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Write the reference as `registry/repository:tag@digest`, the repository in lower case.
#   frameworks: {}
#   aliases: []
package rules.versioned_tags.invalid_reference

deny contains {"msg": msg, "at": at} if {
	some container in input.containers
	container.image.valid == false
	at := concat("", [container.at, ".image"])
	msg := concat("", ["container ", container.name, " has an image reference that cannot be read: ", container.image.text])
}

deny contains {"msg": msg, "at": container.at} if {
	some container in input.containers
	container.image == null
	msg := concat("", ["container ", container.name, " names no image"])
}
