# METADATA
# title: Images are built from allowed source repositories
# description: >-
#   Provenance names the repository that the image was built from. An allowed builder builds a fork as readily as your
#   own. The parameter is empty by default, which allows all.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Build from the repository that you trust, or name it in the parameter `sources`.
#   frameworks: {nist_800_53: ["SR-4"], slsa: ["build-l2", "verification"]}
#   aliases: []
#   params:
#     sources:
#       type: array
#       items: {"type": "string"}
#       default: []
#       description: repositories or starts of their URLs that are allowed, such as https://git.example.com/shop/; a start ends before / or @
package rules.image_signature.source_not_allowed

deny contains {"msg": msg, "at": attestation.at} if {
	allowed := input.params["image_signature.source_not_allowed"].sources
	count(allowed) > 0
	some attestation in input.attestations
	attestation.provenance != null
	attestation.latest
	attestation.trusted != false
	not _allowed(attestation.provenance.source, allowed)
	msg := concat("", [input.text, " was built ", _told(attestation.provenance.source)])
}

_allowed(source, allowed) if {
	some start in allowed
	some end in ["/", "@"]
	startswith(concat("", [source, end]), concat("", [trim_right(start, "/"), end]))
}

_told(source) := concat("", ["from ", source, ", which is not allowed"]) if source != null

_told(source) := "with provenance that names no source repository" if source == null
