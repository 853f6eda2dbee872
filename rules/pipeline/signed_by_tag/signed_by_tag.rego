# METADATA
# title: Signatures are made for a digest
# description: >-
#   cosign looks the tag up and signs what it finds: between the push and the signature somebody else's push may have
#   moved the tag, and their image is the one that gets signed.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: low
#   applies_to: [pipeline]
#   owner: development
#   remediation: |
#     Sign the digest that the push gave:
#     ```yaml
#     - cosign sign --yes --key ${COSIGN_KEY} registry.example.com/web@${DIGEST}
#     ```
#   frameworks: {nist_800_53: [CM-14]}
#   aliases: []
package rules.pipeline.signed_by_tag

deny contains {"msg": msg, "at": act.at} if {
	some act in input.jobs[_].steps[_].acts
	act.kind == "sign"
	act.image.by in {"tag", "none"}
	msg := concat("", ["job ", act.job, " signs ", act.image.text, " by its tag, which may have moved"])
}
