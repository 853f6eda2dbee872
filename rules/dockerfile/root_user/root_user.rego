# METADATA
# title: Images do not run as root
# description: >-
#   A process that runs as root owns every file in its container, and a flaw in the kernel or the runtime makes it root on the
#   node. An explicit USER root also defeats runAsNonRoot.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: high
#   applies_to: [dockerfile, image]
#   owner: development
#   remediation: |
#     Do what needs root first, then switch to a user without privileges:
#     ```dockerfile
#     USER root
#     RUN apk add --no-cache curl
#     USER 10001
#     ```
#   frameworks: {nist_800_190: ["4.1.2"], nsa_cisa: [non-root-containers], nist_800_53: [AC-6]}
#   aliases: [DL3002, CKV_DOCKER_8, DS002, DS-0002, AVD-DS-0002]
package rules.dockerfile.root_user

deny contains {"msg": msg, "at": stage.user.at} if {
	some stage in input.stages
	stage.final
	stage.user.root == true
	msg := concat("", [stage.called, " runs as USER ", stage.user.text])
}
