# METADATA
# title: Files are copied to a place that the file names
# description: >-
#   A relative destination without WORKDIR depends on the one of the base image, mostly the root folder: files lie
#   among those of the system, and elsewhere when the base changes.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: info
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Set WORKDIR first, or copy to an absolute path:
#     ```dockerfile
#     WORKDIR /srv/app
#     COPY dist/ ./
#     ```
#   frameworks: {}
#   aliases: [DL3045]
package rules.dockerfile.relative_destination

deny contains {"msg": msg, "at": copy.at} if {
	some stage in input.stages
	some copy in stage.copies
	copy.relative == true
	copy.workdir == null
	msg := concat("", ["stage ", stage.id, " copies to ", copy.destination, " without a WORKDIR"])
}
