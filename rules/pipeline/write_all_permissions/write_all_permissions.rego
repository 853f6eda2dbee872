# METADATA
# title: No token may write to everything
# description: >-
#   write-all lets every step of every action push code, publish packages, change releases and approve pull requests.
#   One action that is taken over is then enough.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: medium
#   applies_to: [pipeline]
#   owner: security
#   remediation: |
#     Name what the job needs:
#     ```yaml
#     permissions:
#       contents: read
#       packages: write
#     ```
#   frameworks: {nist_800_53: [AC-6]}
#   aliases: [CKV2_GHA_1, excessive-permissions]
package rules.pipeline.write_all_permissions

deny contains {"msg": "the token of every job may write to everything", "at": input.permissions.at} if {
	input.permissions.state == "write-all"
}

deny contains {"msg": msg, "at": job.permissions.at} if {
	some job in input.jobs
	job.permissions.state == "write-all"
	msg := concat("", ["the token of job ", job.name, " may write to everything"])
}
