# METADATA
# title: Tags still name the image that was signed
# description: >-
#   A tag that was pushed again names an image that the signer never saw. Whoever pulls by tag gets that one.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Never push a tag twice: let the registry refuse it (immutable tags), release under a new version, and deploy by
#     digest.
#   frameworks: {nist_800_53: ["SI-7", "CM-14"], nist_800_190: ["4.2.2"]}
#   aliases: []
package rules.image_signature.tag_moved_since_signing

deny contains {"msg": msg, "at": "tag"} if {
	input.tag.moved == true
	before := concat("", ["tag ", input.tag.name, " named ", input.tag.digest_when_signed, " when it was signed"])
	msg := concat("", [before, ", and names ", input.tag.digest_now, " now"])
}
