# METADATA
# title: Every stage has a name of its own
# description: >-
#   Of two stages with one name, --from and --target mean the later one from there on: files come from another stage
#   than the reader believes.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Give each stage a name of its own:
#     ```dockerfile
#     FROM golang:1.23.1 AS build-server
#     FROM golang:1.23.1 AS build-client
#     ```
#   frameworks: {}
#   aliases: [DL3024, CKV_DOCKER_11, DS-0012, DuplicateStageName]
package rules.dockerfile.repeated_stage_name

deny contains {"msg": msg, "at": at} if {
	some stage in input.stages
	stage.name_taken
	at := concat("", ["stages[", stage.id, "]"])
	msg := concat("", ["stage ", stage.id, " is called ", stage.name, " like a stage above it"])
}
