# METADATA
# title: Signatures are time-stamped where the policy requires it
# description: >-
#   Without a time that somebody else signed, nobody can tell whether a certificate was still valid when it was used.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Sign with a time-stamping authority:
#     ```sh
#     cosign sign --timestamp-server-url https://tsa.example.com/api/v1/timestamp registry.example.com/web@sha256:…
#     ```
#   frameworks: {nist_800_53: ["CM-14", "SI-7(15)", "SR-11"], nist_800_190: ["4.1.5"], slsa: ["verification"]}
#   aliases: []
package rules.image_signature.timestamp_missing

deny contains {"msg": msg, "at": "signatures"} if {
	policy := input.verification.policy
	policy.timestamp_required
	policy.found.signers >= policy.signers_required
	policy.found.timestamped < policy.signers_required
	msg := concat("", [input.text, " is signed without the time stamp that the policy ", policy.name, " requires"])
}
