# METADATA
# title: Base images come from registries that are trusted
# description: >-
#   Whoever can push to the registry of a base decides what runs in your image. Silent until you name the registries
#   that you trust.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: high
#   applies_to: [dockerfile]
#   owner: security
#   remediation: |
#     Take the image from a registry that is allowed, for instance through a mirror:
#     ```dockerfile
#     FROM registry.example.com/library/alpine:3.20
#     ```
#   frameworks: {nist_800_190: ["4.1.5"], nsa_cisa: [secure-images], nist_800_53: [SR-3]}
#   aliases: [DL3026]
#   params:
#     registries:
#       type: array
#       items: {type: string}
#       default: []
#       description: registries, or registries with the start of a repository, that images may come from; empty allows all
package rules.dockerfile.registry_not_allowed

deny contains {"msg": msg, "at": used.at} if {
	allowed := input.params["dockerfile.registry_not_allowed"].registries
	count(allowed) > 0
	some used in input.images
	not _from(used.image, allowed)
	msg := concat("", ["stage ", used.stage, " uses ", used.image.text, ", which is in no allowed registry"])
}

_from(image, allowed) if {
	some prefix in allowed
	startswith(concat("", [image.name, "/"]), concat("", [trim_suffix(prefix, "/"), "/"]))
}
