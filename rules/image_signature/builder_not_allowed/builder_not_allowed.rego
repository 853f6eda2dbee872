# METADATA
# title: Images are built by allowed builders
# description: >-
#   Provenance names the service that built the image. A laptop, or a fork's runner, can sign provenance of its own.
#   The parameter is empty by default, which allows all.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Build in the service that you trust, or name its id in the parameter `builders`.
#   frameworks: {nist_800_53: ["SR-4"], slsa: ["build-l2", "verification"]}
#   aliases: []
#   params:
#     builders:
#       type: array
#       items: {"type": "string"}
#       default: []
#       description: builder ids or starts of them that are allowed, such as https://ci.example.com/builders; a start ends before / or @
package rules.image_signature.builder_not_allowed

deny contains {"msg": msg, "at": attestation.at} if {
	allowed := input.params["image_signature.builder_not_allowed"].builders
	count(allowed) > 0
	some attestation in input.attestations
	attestation.provenance != null
	attestation.latest
	attestation.trusted != false
	not _allowed(attestation.provenance.builder, allowed)
	msg := concat("", [input.text, " was built ", _told(attestation.provenance.builder)])
}

_allowed(builder, allowed) if {
	some start in allowed
	some end in ["/", "@"]
	startswith(concat("", [builder, end]), concat("", [trim_right(start, "/"), end]))
}

_told(builder) := concat("", ["by ", builder, ", which is not allowed"]) if builder != null

_told(builder) := "with provenance that names no builder" if builder == null
