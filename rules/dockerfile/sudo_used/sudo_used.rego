# METADATA
# title: Builds need no sudo
# description: >-
#   RUN already runs as the user that USER names, so sudo only adds a program with the setuid bit and rules of its
#   own to the image, which whoever breaks into the container finds there. Switch users with USER.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Do what needs root as root, then switch:
#     ```dockerfile
#     USER root
#     RUN apk add --no-cache curl=8.9.1-r1
#     USER 10001
#     ```
#   frameworks: {nist_800_190: ["4.1.2"], nist_800_53: [AC-6]}
#   aliases: [DL3004, CKV2_DOCKER_1, DS-0010]
package rules.dockerfile.sudo_used

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	programs := {command.words[0] | some command in run.commands; "sudo" in command.before}
	count(programs) > 0
	msg := concat("", ["stage ", stage.id, " runs by sudo: ", concat(", ", sort(programs))])
}
