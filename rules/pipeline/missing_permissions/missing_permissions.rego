# METADATA
# title: Workflows say what their token may do
# description: >-
#   Without permissions the token has what the repository's settings give, in older repositories the right to write to
#   everything: a step that is taken over can push code and publish packages.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: low
#   applies_to: [pipeline]
#   owner: security
#   remediation: |
#     Say it at the top, and give single jobs more where they need it:
#     ```yaml
#     permissions:
#       contents: read
#     ```
#   frameworks: {nist_800_53: [AC-6]}
#   aliases: []
package rules.pipeline.missing_permissions

deny contains {"msg": msg, "at": input.permissions.at} if {
	input.permissions.state == "missing"
	jobs := [job.name | some job in input.jobs; job.permissions.state == "missing"]
	count(jobs) > 0
	msg := concat("", ["the token's permissions are not given for ", concat(", ", jobs)])
}
