# METADATA
# title: No file gets the setuid bit
# description: >-
#   A program with the setuid bit runs as its owner, mostly root, whoever starts it. It undoes USER: whoever breaks
#   into the process becomes root in the container, unless allowPrivilegeEscalation is false.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Leave the bit out, and give the one capability that is needed:
#     ```dockerfile
#     RUN setcap cap_net_bind_service=+ep /usr/local/bin/app
#     ```
#   frameworks: {nist_800_190: ["4.1.2"], nist_800_53: [AC-6, "AC-6(10)"]}
#   aliases: []
package rules.dockerfile.setuid_binary

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	paths := {path | some command in run.commands; command.permission.setuid; some path in command.permission.paths}
	count(paths) > 0
	msg := concat("", ["stage ", stage.id, " sets the setuid bit: ", concat(", ", sort(paths))])
}

deny contains {"msg": msg, "at": copy.at} if {
	some stage in input.stages
	some copy in stage.copies
	copy.permission.setuid
	msg := concat("", ["stage ", stage.id, " copies with the setuid bit to ", copy.destination])
}
