# METADATA
# title: Finished Jobs are removed
# description: >-
#   A Job stays for ever once it has ended, and so does its Pod; the next release cannot change it, since a Job's template
#   is immutable.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Remove it some time after it has ended:
#     ```yaml
#     spec:
#       ttlSecondsAfterFinished: 86400
#     ```
#   frameworks: {}
#   aliases: [job-ttl-seconds-after-finished]
package rules.availability.finished_job_kept

deny contains {"msg": "is kept for ever once it has ended", "at": "spec"} if {
	input.kind == "Job"
	count(input.owners) == 0
	input.job.ttl_seconds_after_finished == null
	count({"helm.sh/hook", "argocd.argoproj.io/hook"} & object.keys(input.annotations)) == 0
}
