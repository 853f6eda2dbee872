# METADATA
# title: Containers run as groups with high numbers
# description: >-
#   Low numbers are taken by groups of the node: where a container gets out, or mounts a path of the node, it has their
#   rights. A group from 10000 on owns nothing there; group 0 is that of root.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Choose a number from 10000 on, in the image and here:
#     ```yaml
#     securityContext:
#       runAsGroup: 10001
#     ```
#   frameworks: {nsa_cisa: [non-root-containers], nist_800_53: [AC-6]}
#   aliases: [KSV-0021]
#   params:
#     minimum:
#       type: integer
#       default: 10000
#       description: the lowest number that a group may have
package rules.pod_security.low_group_id

deny contains {"msg": msg, "at": at} if {
	minimum := input.params["pod_security.low_group_id"].minimum
	some context in input.pod_security.contexts
	context.run_as_group != null
	context.run_as_group < minimum
	at := concat("", [context.at, ".runAsGroup"])
	numbers := [format_int(context.run_as_group, 10), format_int(minimum, 10)]
	msg := concat("", [context.of, " runs as group ", concat(", below ", numbers)])
}
