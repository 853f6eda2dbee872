# METADATA
# title: Image tags say a version
# description: >-
#   A tag such as production or stable names a place in the process, not a content: it moves, and nobody can tell from it what runs
#   or go back to what ran before.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Tag with the version or the commit:
#     ```yaml
#     image: registry.example.com/web:v1.2.0
#     ```
#   frameworks: {}
#   aliases: []
#   params:
#     mutable_tags:
#       type: array
#       items: {type: string}
#       default: [latest, stable, edge, main, master, dev, develop, nightly, canary, test, staging, prod, production]
#       description: tags that versioned_tags.floating_tag objects to already
package rules.versioned_tags.not_a_version

deny contains {"msg": msg, "at": at} if {
	some container in input.containers
	container.image.digest == null
	not regex.match(`[0-9]`, container.image.tag)
	not container.image.tag in input.params["versioned_tags.not_a_version"].mutable_tags
	at := concat("", [container.at, ".image"])
	msg := concat("", ["container ", container.name, " runs the tag ", container.image.tag, ", which says no version (", container.image.text, ")"])
}
