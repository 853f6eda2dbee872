# METADATA
# title: Replicas are spread over nodes and zones
# description: >-
#   The scheduler only prefers to spread Pods, and gives up early: one node that fails may take all replicas with it.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: sre
#   remediation: |
#     Spread them, over zones first:
#     ```yaml
#     topologySpreadConstraints:
#       - maxSkew: 1
#         topologyKey: topology.kubernetes.io/zone
#         whenUnsatisfiable: ScheduleAnyway
#         labelSelector: {matchLabels: {app: web}}
#     ```
#   frameworks: {nist_800_53: [SC-36]}
#   aliases: [no-anti-affinity, deployment-has-host-podantiaffinity, statefulset-has-host-podantiaffinity, topologySpreadConstraint]
package rules.availability.replicas_not_spread

deny contains {"msg": msg, "at": input.pod.at} if {
	count(input.containers) > 0
	input.scaling.minimum != null
	input.scaling.minimum > 1
	count(input.owners) == 0
	count(input.scheduling.spread_constraints) == 0
	not input.scheduling.anti_affinity_to_itself
	msg := "neither spread constraints nor anti-affinity keep its replicas apart"
}
