# METADATA
# title: Containers run as users with high numbers
# description: >-
#   Low numbers are taken by users of the node: where a container gets out, or mounts a path of the node, it has their
#   rights. A user from 10000 on owns nothing there; user 0 has a rule of its own. User namespaces map all numbers to high
#   ones.
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
#       runAsUser: 10001
#     ```
#   frameworks: {nsa_cisa: [non-root-containers], nist_800_53: [AC-6]}
#   aliases: [CKV_K8S_40, KSV-0020]
#   params:
#     minimum:
#       type: integer
#       default: 10000
#       description: the lowest number that a user may have
package rules.pod_security.low_user_id

deny contains {"msg": msg, "at": user.at} if {
	minimum := input.params["pod_security.low_user_id"].minimum
	not input.pod_security.user_namespace
	some user in input.pod_security.users
	user.number != 0
	user.number < minimum
	numbers := [format_int(user.number, 10), format_int(minimum, 10)]
	msg := concat("", [user.of, " runs as user ", concat(", below ", numbers)])
}
