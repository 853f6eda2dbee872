# METADATA
# title: Passwords are not given on the command line
# description: >-
#   Every process on the machine can read another's command line, and `set -x` or an error message writes it into the
#   log. Docker itself warns of it.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: medium
#   applies_to: [pipeline]
#   owner: security
#   remediation: |
#     Give it through standard input:
#     ```yaml
#     - echo "$REGISTRY_PASSWORD" | docker login --username ci --password-stdin registry.example.com
#     ```
#   frameworks: {nist_800_53: [IA-5]}
#   aliases: []
package rules.pipeline.password_on_command_line

deny contains {"msg": msg, "at": print.at} if {
	some job in input.jobs
	some print in job.steps[_].prints
	print.how == "login"
	msg := concat("", ["job ", job.name, " logs in with a password on the command line"])
}
