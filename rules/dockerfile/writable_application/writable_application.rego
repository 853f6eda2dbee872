# METADATA
# title: The process cannot change its own program
# description: >-
#   Files copied with --chown to the user that the container runs as can be changed by it: whoever breaks into the
#   process plants his code in the application, and it is run again after the next crash. Owned by root, files are
#   read and run just as well. A --chmod without write permission is accepted.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: info
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Leave the program to root, and give away only what is written:
#     ```dockerfile
#     COPY dist/ /app/
#     RUN install -d -o 10001 /app/cache
#     USER 10001
#     ```
#   frameworks: {nsa_cisa: [immutable-file-systems], nist_800_53: [CM-5, SI-7]}
#   aliases: []
package rules.dockerfile.writable_application

deny contains {"msg": msg, "at": copy.at} if {
	some stage in input.stages
	stage.final
	some copy in stage.copies
	stage.user.root == false
	split(object.get(copy.flags, "chown", ""), ":")[0] == stage.user.name
	not regex.match(`/\.[A-Za-z]`, copy.destination)
	not _read_only(copy)
	msg := concat("", ["stage ", stage.id, " gives what it copies to ", copy.destination, " to ", stage.user.name, ", which it runs as"])
}

_read_only(copy) if regex.match(`^0?[0-7]?[0145][0-7]{2}$`, copy.permission.mode)
