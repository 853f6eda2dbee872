# METADATA
# title: Images carry as many signatures as the policy requires
# description: >-
#   Where a policy asks for several signers, such as the build and a reviewer, one of them alone cannot release an
#   image.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Let the missing signers sign the same digest:
#     ```sh
#     cosign sign --key reviewer.key registry.example.com/web@sha256:…
#     ```
#   frameworks: {nist_800_53: ["CM-14", "SI-7(15)", "SR-11"], nist_800_190: ["4.1.5"], slsa: ["verification"]}
#   aliases: []
package rules.image_signature.too_few_signers

deny contains {"msg": msg, "at": "signatures"} if {
	policy := input.verification.policy
	policy.found.signers > 0
	policy.found.signers < policy.signers_required
	numbers := concat(" of the ", [format_int(policy.found.signers, 10), format_int(policy.signers_required, 10)])
	msg := concat("", [input.text, " is signed by ", numbers, " signers that the policy ", policy.name, " requires"])
}
