# METADATA
# title: The build decides for which platform it is
# description: >-
#   A platform that FROM writes down makes the same image for every machine: on others it runs slowly by emulation,
#   or not at all, although its manifest says that it fits.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Leave it to the build, or use its variables:
#     ```dockerfile
#     FROM --platform=$BUILDPLATFORM golang:1.23.1 AS build
#     ```
#   frameworks: {}
#   aliases: [DL3029, FromPlatformFlagConstDisallowed]
package rules.dockerfile.constant_platform

deny contains {"msg": msg, "at": stage.base.at} if {
	some stage in input.stages
	stage.platform != null
	not contains(stage.platform, "$")
	msg := concat("", ["stage ", stage.id, " is always built for ", stage.platform])
}
