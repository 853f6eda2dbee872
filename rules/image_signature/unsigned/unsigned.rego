# METADATA
# title: Images are signed
# description: >-
#   Without a signature nobody can tell an image of your build from one that somebody else pushed under its name.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Sign the digest in the pipeline, after the push:
#     ```sh
#     cosign sign --key cosign.key registry.example.com/web@sha256:…
#     ```
#   frameworks: {nist_800_53: ["CM-14", "SI-7(15)", "SR-11"], nist_800_190: ["4.1.5"], slsa: ["verification"]}
#   aliases: [C-0237]
package rules.image_signature.unsigned

deny contains {"msg": msg, "at": "signatures"} if {
	input.signatures != null
	count(input.signatures) == 0
	msg := concat("", [input.text, " has no signature", _others])
}

_others := "" if count(input.other_signatures) == 0

_others := concat("", [" that can be verified here, only one of ", concat(", ", formats)]) if {
	formats := sort({other.format | some other in input.other_signatures})
	count(formats) > 0
}
