# METADATA
# title: Containers say how much disk they may fill
# description: >-
#   Logs, layers and emptyDir volumes lie on the node's disk. A container without a limit can fill it, and the node then evicts
#   other Pods to get space back.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Set a limit above what logs and scratch files need:
#     ```yaml
#     resources:
#       requests: {ephemeral-storage: 256Mi}
#       limits: {ephemeral-storage: 1Gi}
#     ```
#   frameworks: {nsa_cisa: [resource-policies]}
#   aliases: [container-ephemeral-storage-request-and-limit]
package rules.resource_limits.missing_ephemeral_storage_limit

deny contains {"msg": msg, "at": container.at} if {
	some container in input.containers
	container.kind in {"main", "sidecar"}
	container.resources.limits.ephemeral_storage == null
	msg := concat("", ["container ", container.name, " has no ephemeral storage limit"])
}
