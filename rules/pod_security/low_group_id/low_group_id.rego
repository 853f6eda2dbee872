# METADATA
# title: Containers run as groups with high numbers
# description: >-
#   Low numbers are taken by groups of the node: where a container gets out, or mounts a path of the node, it has their
#   rights. A group from 10000 on owns nothing there; group 0 is that of root. User namespaces map all numbers to high ones.
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

deny contains {"msg": msg, "at": group.at} if {
	minimum := input.params["pod_security.low_group_id"].minimum
	not input.pod_security.user_namespace
	some group in input.pod_security.groups
	group.number < minimum
	numbers := [format_int(group.number, 10), format_int(minimum, 10)]
	msg := concat("", [group.of, " runs as group ", concat(", below ", numbers)])
}
