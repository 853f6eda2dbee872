# METADATA
# title: Runs of a CronJob do not pile up
# description: >-
#   Unless told otherwise a CronJob starts its next run while the last one still works; slow runs then pile up.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Skip or replace a run that is not done:
#     ```yaml
#     spec:
#       concurrencyPolicy: Forbid
#     ```
#     Where runs may overlap, waive this rule.
#   frameworks: {}
#   aliases: []
package rules.availability.runs_may_overlap

deny contains {"msg": "starts its next run while the last one still works", "at": "spec"} if {
	input.kind == "CronJob"
	input.job.concurrency_policy in {null, "Allow"}
}
