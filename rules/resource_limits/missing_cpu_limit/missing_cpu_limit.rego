# METADATA
# title: Containers may have a CPU limit
# description: >-
#   A CPU limit makes a container's share predictable, and throttles it even on an idle node: a matter of policy, so this rule only
#   advises.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Where shares must be predictable (or a quota asks for it), set a limit:
#     ```yaml
#     resources:
#       limits: {cpu: 250m}
#     ```
#   frameworks: {nsa_cisa: [resource-policies]}
#   aliases: [CKV_K8S_11, C-0270, KSV-0011, cpuLimitsMissing]
package rules.resource_limits.missing_cpu_limit

deny contains {"msg": msg, "at": container.at} if {
	not "cpu" in input.pod.resources.limits
	some container in input.containers
	container.kind in {"main", "sidecar"}
	container.resources.limits.cpu == null
	msg := concat("", ["container ", container.name, " has no CPU limit"])
}
