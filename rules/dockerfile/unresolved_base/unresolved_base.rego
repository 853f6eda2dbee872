# METADATA
# title: A Dockerfile says which image it builds on
# description: >-
#   Where a build argument without a default makes up the reference, the file alone does not say what is built on, a plain docker
#   build fails, and no rule can judge the base.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Give the argument a default:
#     ```dockerfile
#     ARG ALPINE_VERSION=3.20
#     FROM alpine:${ALPINE_VERSION}
#     ```
#   frameworks: {}
#   aliases: [InvalidDefaultArgInFrom]
package rules.dockerfile.unresolved_base

deny contains {"msg": msg, "at": stage.base.at} if {
	some stage in input.stages
	stage.base.unresolved
	msg := concat("", ["stage ", stage.id, " builds on ", stage.base.text, ", but there is no default for ", concat(", ", stage.base.unset)])
}
