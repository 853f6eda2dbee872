# METADATA
# title: Containers run as users with high numbers
# description: >-
#   Low numbers are taken by users of the node: where a container gets out, or mounts a path of the node, it has their
#   rights. A user from 10000 on owns nothing there; user 0 has a rule of its own.
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

deny contains {"msg": msg, "at": at} if {
	minimum := input.params["pod_security.low_user_id"].minimum
	some context in input.pod_security.contexts
	context.run_as_user != null
	context.run_as_user != 0
	context.run_as_user < minimum
	at := concat("", [context.at, ".runAsUser"])
	numbers := [format_int(context.run_as_user, 10), format_int(minimum, 10)]
	msg := concat("", [context.of, " runs as user ", concat(", below ", numbers)])
}
