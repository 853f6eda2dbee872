# METADATA
# title: Stages hand over files, not their whole file system
# description: >-
#   COPY of the root folder takes over everything that a stage has: compilers, caches and whatever secrets it used.
#   Building on an empty image is for making one layer of all, and is accepted.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Copy what was built:
#     ```dockerfile
#     COPY --from=build /app /app
#     ```
#   frameworks: {nist_800_190: ["4.1.2"]}
#   aliases: [DL3067]
package rules.dockerfile.copies_whole_stage

deny contains {"msg": msg, "at": copy.at} if {
	some stage in input.stages
	stage.base.kind != "scratch"
	some copy in stage.copies
	copy.from != null
	copy.destination == "/"
	some source in copy.sources
	source.text == "/"
	msg := concat("", ["stage ", stage.id, " copies the whole file system of ", copy.from.text])
}
