# METADATA
# title: Secrets stay out of the log
# description: >-
#   Logs are kept, sent on and read by more people than secrets are given to. Masking helps only where the system
#   knows the value, and not when it comes out encoded or in parts.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: medium
#   applies_to: [pipeline]
#   owner: security
#   remediation: |
#     Give the secret to the program that needs it, through a pipe or a file:
#     ```yaml
#     - echo "$REGISTRY_PASSWORD" | docker login --username ci --password-stdin registry.example.com
#     ```
#     To see whether it is set: `test -n "$REGISTRY_PASSWORD"`. Turn `set -x` off around commands with secrets, and change what was printed.
#   frameworks: {nist_800_53: [IA-5], nist_800_190: ["4.1.4"]}
#   aliases: []
package rules.pipeline.secret_printed

deny contains {"msg": msg, "at": print.at} if {
	some job in input.jobs
	some print in job.steps[_].prints
	how := _ways[print.how]
	msg := concat("", ["job ", job.name, " prints the secret ", print.name, how])
}

_ways := {"echo": "", "trace": " by set -x"}
