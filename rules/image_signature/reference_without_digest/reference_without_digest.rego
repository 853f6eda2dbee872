# METADATA
# title: Images are verified by digest
# description: >-
#   What was verified under a tag is one digest. Whoever pulls the tag later may get another, which nobody verified.
# schemas:
#   - input: schema.image
# custom:
#   severity: info
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Use the digest from here on, in manifests too:
#     ```yaml
#     image: registry.example.com/web:v1.2.0@sha256:…
#     ```
#   frameworks: {nist_800_190: ["4.2.2"]}
#   aliases: []
package rules.image_signature.reference_without_digest

deny contains {"msg": msg, "at": "reference"} if {
	input.source == "registry"
	input.reference.digest == null
	input.digest != null
	msg := concat("", [input.text, " is given by tag: only ", input.digest, " was judged"])
}
