# METADATA
# title: Images are signed by those whom the policy names
# description: >-
#   Anybody who may push can also sign. Only a signature by a key or identity that you named says that your build made
#   the image.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Sign with the key or identity that the policy names, or add the signer to the policy if the image is really
#     theirs.
#   frameworks: {nist_800_53: ["CM-14", "SI-7(15)", "SR-11"], nist_800_190: ["4.1.5"], slsa: ["verification"]}
#   aliases: [C-0236]
package rules.image_signature.untrusted_signer

deny contains {"msg": msg, "at": "signatures"} if {
	policy := input.verification.policy
	policy != null
	count([signature | some signature in input.signatures; signature.trusted == true]) == 0
	signers := {_name(signature.signer) | some signature in input.signatures; signature.verified != false}
	count(signers) > 0
	by := concat(", ", sort(signers))
	msg := concat("", [input.text, " is signed by ", by, ", whom the policy ", policy.name, " does not name"])
}

_name(signer) := "an unknown key" if signer == null

_name(signer) := signer.text if signer != null
