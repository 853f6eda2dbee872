# METADATA
# title: WORKDIR is absolute
# description: >-
#   A relative WORKDIR continues the one of the base image: when that changes, everything after it lands elsewhere.
#   One that continues an absolute WORKDIR of the same file is accepted.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Begin with a slash:
#     ```dockerfile
#     WORKDIR /srv/app
#     ```
#   frameworks: {}
#   aliases: [DL3000, CKV_DOCKER_10, DS-0009, WorkdirRelativePath]
package rules.dockerfile.relative_workdir

deny contains {"msg": msg, "at": workdir.at} if {
	some stage in input.stages
	some workdir in stage.workdirs
	workdir.relative == true
	workdir.above == null
	msg := concat("", ["stage ", stage.id, " works in ", workdir.path, ", wherever its base image leaves off"])
}
