# METADATA
# title: WORKDIR says where commands run
# description: >-
#   The `cd` of one RUN is forgotten by the next, so that a line which stands alone does nothing, and one that
#   begins with it hides where files go. Only a RUN that begins with `cd` counts.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: info
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Change the folder for all that follows:
#     ```dockerfile
#     WORKDIR /srv/app
#     RUN npm ci
#     ```
#   frameworks: {}
#   aliases: [DL3003, DS-0013]
package rules.dockerfile.cd_instead_of_workdir

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	command := run.commands[0]
	command.words[0] == "cd"
	msg := concat("", ["stage ", stage.id, " changes to another folder in a RUN: ", concat(" ", command.words)])
}
