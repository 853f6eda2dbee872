# METADATA
# title: Stages hand over files, not their whole file system
# description: >-
#   COPY of the root folder takes over everything that a stage has: compilers, caches and whatever secrets it used.
#   Building on an empty image is for making one layer of all, and is accepted, as are images and stages that are
#   made to be laid over another, such as those from scratch.
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
	copy.destination == "/"
	some source in copy.sources
	source.text == "/"
	some built in input.stages
	built.id == copy.from.stage
	built.base.kind != "scratch"
	count(built.runs) > 0
	msg := concat("", ["stage ", stage.id, " copies the whole file system of ", copy.from.text])
}
