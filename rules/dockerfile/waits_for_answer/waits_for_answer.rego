# METADATA
# title: Package managers wait for no answer
# description: >-
#   A build has nobody to answer: where the package manager asks whether to go on, it gives up, and the build fails
#   as soon as an install needs one more package than before.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Answer beforehand:
#     ```dockerfile
#     RUN apt-get install -y --no-install-recommends curl=7.88.1-10
#     RUN dnf install -y curl-7.76.1
#     RUN zypper --non-interactive install curl=8.0.1
#     ```
#   frameworks: {}
#   aliases: [DL3014, DL3030, DL3034, DL3038, DS-0021]
package rules.dockerfile.waits_for_answer

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	asking := {concat(" ", [command.program, command.operation]) | some command in run.packages; command.asks == true}
	count(asking) > 0
	msg := concat("", ["stage ", stage.id, " waits for an answer: ", concat(", ", sort(asking))])
}
