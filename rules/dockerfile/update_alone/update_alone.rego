# METADATA
# title: The package index is fetched where it is used
# description: >-
#   The layer of a RUN that only updates the index is cached and used again for months: the install after it asks
#   for packages that are gone, or installs old ones with known flaws.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Update and install in one RUN:
#     ```dockerfile
#     RUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10 \
#         && rm -rf /var/lib/apt/lists/*
#     ```
#   frameworks: {nist_800_190: ["4.1.1"]}
#   aliases: [CKV_DOCKER_5, DS-0017]
package rules.dockerfile.update_alone

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	some command in run.packages
	command.index_unused
	msg := concat("", ["stage ", stage.id, " fetches the package index in a RUN that does not use it"])
}
