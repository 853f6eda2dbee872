# METADATA
# title: WORKDIR is no folder of the system
# description: >-
#   The kernel and the runtime mount their own file systems over /proc, /sys and /dev when the container starts:
#   what was copied there is gone, or changes the system.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile, image]
#   owner: development
#   remediation: |
#     Choose a folder of your own:
#     ```dockerfile
#     WORKDIR /srv/app
#     ```
#   frameworks: {}
#   aliases: [DS-0030]
package rules.dockerfile.system_workdir

deny contains {"msg": msg, "at": workdir.at} if {
	some stage in input.stages
	some workdir in stage.workdirs
	regex.match(`^/(proc|sys|dev|boot|initrd|lost\+found)(/|$)`, workdir.path)
	msg := concat("", [stage.called, " works in ", workdir.path, ", which belongs to the system"])
}
