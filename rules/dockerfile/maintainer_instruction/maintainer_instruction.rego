# METADATA
# title: Who looks after an image is a label
# description: >-
#   MAINTAINER is deprecated since 2017: registries and tools read labels, so that nobody who finds the image is
#   told whom to ask.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: info
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Write a label of the Open Container Initiative:
#     ```dockerfile
#     LABEL org.opencontainers.image.authors="team-web@example.com"
#     ```
#   frameworks: {}
#   aliases: [DL4000, CKV_DOCKER_6, DS-0022, MaintainerDeprecated]
package rules.dockerfile.maintainer_instruction

deny contains {"msg": msg, "at": at} if {
	some stage in input.stages
	stage.maintainer != null
	at := concat("", ["stages[", stage.id, "].maintainer"])
	msg := concat("", ["stage ", stage.id, " names its maintainer by MAINTAINER instead of a label"])
}
