# METADATA
# title: A stage fetches with one program
# description: >-
#   wget and curl do the same: with both, the image holds two programs that talk to the network, with two sets of
#   flaws to mend. Only stages that are part of the final image count.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: info
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Choose one of them, and install only that one:
#     ```dockerfile
#     RUN curl -fsSLO https://example.com/app.tar.gz
#     ```
#   frameworks: {nist_800_53: [CM-7]}
#   aliases: [DL4001, DS-0014]
package rules.dockerfile.wget_and_curl

deny contains {"msg": msg, "at": at} if {
	some stage in input.stages
	stage.shipped
	used := {command.words[0] | some run in stage.runs; some command in run.commands}
	every program in ["curl", "wget"] { program in used }
	at := concat("", ["stages[", stage.id, "]"])
	msg := concat("", ["stage ", stage.id, " fetches with both curl and wget"])
}
