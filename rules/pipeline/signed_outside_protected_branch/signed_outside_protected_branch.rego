# METADATA
# title: Only protected branches and tags sign
# description: >-
#   Whoever can push a branch runs this job with the signing key or identity, and gets an image of theirs signed
#   without a review. Admission then trusts it like any release.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: medium
#   applies_to: [pipeline]
#   owner: security
#   remediation: |
#     Sign on the protected branch and its tags only, and give the key to those alone (protected variable, environment):
#     ```yaml
#     publish:
#       rules:
#         - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
#         - if: $CI_COMMIT_TAG
#     ```
#   frameworks: {nist_800_53: [CM-5, CM-14]}
#   aliases: []
package rules.pipeline.signed_outside_protected_branch

deny contains {"msg": msg, "at": act.at} if {
	some act in input.jobs[_].steps[_].acts
	act.kind == "sign"
	act.only_protected == false
	msg := concat("", ["job ", act.job, " signs on branches that nobody protects"])
}
