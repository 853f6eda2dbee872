# METADATA
# title: Files are not writable for everybody
# description: >-
#   With mode 777 or 666 every process in the container may change the file, so that whoever breaks into the least
#   of them can replace what the others run or read.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Give the file to the user that needs it:
#     ```dockerfile
#     RUN install -d -o 10001 -g 10001 -m 0750 /var/lib/app
#     ```
#   frameworks: {nist_800_190: ["4.1.2"], nist_800_53: [AC-6, CM-6]}
#   aliases: []
package rules.dockerfile.world_writable

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	modes := {command.permission.mode | some command in run.commands; command.permission.world_writable}
	count(modes) > 0
	msg := concat("", ["stage ", stage.id, " makes files writable for everybody: mode ", concat(", ", sort(modes))])
}

deny contains {"msg": msg, "at": copy.at} if {
	some stage in input.stages
	some copy in stage.copies
	copy.permission.world_writable
	msg := concat("", ["stage ", stage.id, " copies to ", copy.destination, " writable for everybody: mode ", copy.permission.mode])
}
