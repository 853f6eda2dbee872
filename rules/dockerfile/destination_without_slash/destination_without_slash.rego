# METADATA
# title: Several files are copied into a folder
# description: >-
#   With more than one source the destination has to be a folder, and the reference of the language demands a slash
#   at its end: without it the classic builder stops, and the reader cannot tell a folder from a file.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     End the destination with a slash:
#     ```dockerfile
#     COPY package.json package-lock.json /srv/app/
#     ```
#   frameworks: {}
#   aliases: [DL3021, DS-0011]
package rules.dockerfile.destination_without_slash

deny contains {"msg": msg, "at": copy.at} if {
	some stage in input.stages
	some copy in stage.copies
	count(copy.sources) > 1
	copy.relative != null
	not regex.match(`(^|[/\\])\.{0,2}$`, copy.destination)
	msg := concat("", ["stage ", stage.id, " copies several files to ", copy.destination, ", which does not end with a slash"])
}
