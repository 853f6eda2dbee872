# METADATA
# title: Layers hold no package index
# description: >-
#   The index that apk or apt fetched stays in the layer, where a later RUN cannot remove it: it makes every pull larger, and it
#   goes stale, so that a later install asks for versions that are gone. Only layers of the final image count.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Do not keep it, or remove it in the same RUN:
#     ```dockerfile
#     RUN apk add --no-cache curl=8.9.1-r1
#     RUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10 \
#         && rm -rf /var/lib/apt/lists/*
#     ```
#   frameworks: {}
#   aliases: [DL3009, DL3019, DS025, DS-0025, AVD-DS-0025]
package rules.dockerfile.package_cache_kept

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	stage.shipped
	some run in stage.runs
	some command in run.packages
	command.keeps_index
	msg := concat("", ["stage ", stage.id, " keeps the package index of ", command.manager, " in a layer"])
}
