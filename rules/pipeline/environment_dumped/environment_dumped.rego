# METADATA
# title: The whole environment is not printed
# description: >-
#   env and printenv write every variable into the log, and the job's secrets are among them; what is masked today may
#   not be tomorrow.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: low
#   applies_to: [pipeline]
#   owner: security
#   remediation: |
#     Print the variables that matter, by name:
#     ```yaml
#     - echo "$CI_COMMIT_SHA"
#     ```
#   frameworks: {nist_800_53: [IA-5]}
#   aliases: []
package rules.pipeline.environment_dumped

deny contains {"msg": msg, "at": print.at} if {
	some job in input.jobs
	some print in job.steps[_].prints
	print.how == "environment"
	msg := concat("", ["job ", job.name, " prints its whole environment"])
}
