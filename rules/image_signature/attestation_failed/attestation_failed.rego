# METADATA
# title: No attestation says that the image failed
# description: >-
#   A signed report that the tests or the scan failed is signed like any other. Whoever only checks that it is there
#   lets the failed image run.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Mend what failed, build a new image, and attest that. An attestation of a later, passed run of the same kind
#     by the same signer replaces this one.
#   frameworks: {nist_800_53: ["SR-3"], slsa: ["verification"]}
#   aliases: []
package rules.image_signature.attestation_failed

deny contains {"msg": msg, "at": attestation.at} if {
	some attestation in input.attestations
	attestation.latest
	attestation.result == "failed"
	attestation.verified != false
	attestation.trusted != false
	msg := concat("", [input.text, " has a ", attestation.type, " attestation that says it failed"])
}
