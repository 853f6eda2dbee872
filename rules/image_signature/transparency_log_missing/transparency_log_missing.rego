# METADATA
# title: Signatures are in a transparency log where the policy requires it
# description: >-
#   A key that was stolen signs unseen. With an entry in a public log every use of it can be noticed, and a
#   certificate of ten minutes proves when it was used.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Sign with upload to the log (cosign's default; not `--tlog-upload=false`), and let the verifier reach or trust
#     the log's key.
#   frameworks: {nist_800_53: ["CM-14", "SI-7(15)", "SR-11"], nist_800_190: ["4.1.5"], slsa: ["verification"]}
#   aliases: []
package rules.image_signature.transparency_log_missing

deny contains {"msg": msg, "at": "signatures"} if {
	policy := input.verification.policy
	policy.log_required
	policy.found.signers >= policy.signers_required
	policy.found.logged < policy.signers_required
	msg := concat("", [input.text, " is signed without the log entry that the policy ", policy.name, " requires"])
}
