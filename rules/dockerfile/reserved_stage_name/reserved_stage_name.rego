# METADATA
# title: Stages are not called scratch or context
# description: >-
#   Both words mean something to the builder: FROM scratch is the empty image, context what is sent to it. A stage
#   by that name is not what is built on, or cannot be reached.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Choose another name:
#     ```dockerfile
#     FROM golang:1.23.1 AS build
#     ```
#   frameworks: {}
#   aliases: [DL3063, ReservedStageName]
package rules.dockerfile.reserved_stage_name

deny contains {"msg": msg, "at": at} if {
	some stage in input.stages
	stage.name in {"scratch", "context"}
	at := concat("", ["stages[", stage.id, "]"])
	msg := concat("", ["stage ", stage.id, " has a name that is reserved"])
}
