# METADATA
# title: Text from strangers is not put into a script
# description: >-
#   The runner puts an expression's value into the script before the shell reads it: a title with a quote and a
#   command in it runs that command, with the workflow's token and secrets.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: high
#   applies_to: [pipeline]
#   owner: security
#   remediation: |
#     Hand it over as a variable, which the shell does not read as code:
#     ```yaml
#     - env:
#         TITLE: ${{ github.event.pull_request.title }}
#       run: make label TITLE="$TITLE"
#     ```
#   frameworks: {nist_800_53: [SR-3]}
#   aliases: [CKV_GHA_2, template-injection]
package rules.pipeline.script_injection

deny contains {"msg": msg, "at": step.at} if {
	some job in input.jobs
	some step in job.steps
	some expression in step.injections
	msg := concat("", ["job ", job.name, " runs what strangers write in ", expression])
}
