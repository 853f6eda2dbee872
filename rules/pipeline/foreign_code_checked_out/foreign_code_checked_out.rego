# METADATA
# title: Workflows with secrets do not check out a stranger's code
# description: >-
#   pull_request_target and workflow_run have the repository's secrets and a token that may write. With the pull
#   request's code checked out, its build scripts and dependencies run with both, before anybody has read them.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: high
#   applies_to: [pipeline]
#   owner: security
#   remediation: |
#     Build pull requests with `on: pull_request`, which has no secrets. What needs them goes into a second workflow that takes the result as data:
#     ```yaml
#     on: pull_request
#     ```
#   frameworks: {nist_800_53: [AC-6, SR-3]}
#   aliases: [dangerous-triggers, untrusted_checkout_exec]
package rules.pipeline.foreign_code_checked_out

deny contains {"msg": msg, "at": step.at} if {
	some job in input.jobs
	some step in job.steps
	step.checks_out_foreign_code
	msg := concat("", ["job ", job.name, " checks out a stranger's code where secrets are at hand"])
}
