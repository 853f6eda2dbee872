# METADATA
# title: Images are rebuilt on a newer base, not upgraded in place
# description: >-
#   An upgrade of everything gives another image every day, and none that can be built again; the old files stay in the layers
#   below. The base image is the place for fixes: raise its version.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Take the newer base, and name what you need from it:
#     ```dockerfile
#     FROM debian:12.7-slim
#     RUN apt-get update && apt-get install -y --no-install-recommends openssl=3.0.14-1 && rm -rf /var/lib/apt/lists/*
#     ```
#   frameworks: {nist_800_53: [CM-2, SI-14]}
#   aliases: [DL3005, DL3017, DL3031, DL3035, DL3039, DS024, DS-0024, AVD-DS-0024]
package rules.dockerfile.in_place_upgrade

deny contains {"msg": msg, "at": at} if {
	some stage in input.stages
	some run in stage.runs
	some command in run.packages
	command.action == "upgrade"
	command.packages == []
	at := concat("", [run.at, ".", command.program])
	msg := concat("", ["stage ", stage.id, " upgrades everything in place: ", command.program, " ", command.operation])
}
