# METADATA
# title: Scripts use apt-get, not apt
# description: >-
#   apt is made for people: its options and output change between releases without notice, so that a build breaks
#   with the next base image.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: info
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Use apt-get or apt-cache:
#     ```dockerfile
#     RUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10 \
#         && rm -rf /var/lib/apt/lists/*
#     ```
#   frameworks: {}
#   aliases: [DL3027, CKV_DOCKER_9]
package rules.dockerfile.apt_in_script

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	some command in run.commands
	command.words[0] == "apt"
	msg := concat("", ["stage ", stage.id, " uses apt, which is made for people, in a script"])
}
