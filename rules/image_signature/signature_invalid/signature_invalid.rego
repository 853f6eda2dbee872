# METADATA
# title: Signatures hold
# description: >-
#   A signature that was made for another image, or changed after it was made, is a mistake of the pipeline or an
#   attempt to pass off an image. Where another signature satisfies the policy, a broken one beside it is passed over,
#   as cosign does.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Find out who attached the signature. Then remove it, and sign the digest that is meant:
#     ```sh
#     cosign clean --type signature registry.example.com/web@sha256:…
#     cosign sign --key cosign.key registry.example.com/web@sha256:…
#     ```
#   frameworks: {nist_800_53: ["CM-14", "SI-7(15)", "SR-11"], nist_800_190: ["4.1.5"], slsa: ["verification"]}
#   aliases: []
package rules.image_signature.signature_invalid

deny contains {"msg": msg, "at": signature.at} if {
	count([signature | some signature in input.signatures; signature.trusted == true]) == 0
	some signature in input.signatures
	signature.verified == false
	msg := concat("", [input.text, " has a signature that does not hold", _why(signature)])
}

_why(signature) := concat("", [": ", signature.why]) if signature.why != null

_why(signature) := "" if signature.why == null
