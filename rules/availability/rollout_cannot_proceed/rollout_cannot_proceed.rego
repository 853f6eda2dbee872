# METADATA
# title: A rolling update may remove or add a Pod
# description: >-
#   With maxUnavailable and maxSurge both zero an update could take no step; Kubernetes refuses the object.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Let one surge, so that none is missing:
#     ```yaml
#     rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
#     ```
#   frameworks: {}
#   aliases: []
package rules.availability.rollout_cannot_proceed

deny contains {"msg": "maxUnavailable and maxSurge are both zero, which Kubernetes refuses", "at": at} if {
	_zero(input.rollout.max_unavailable)
	_zero(input.rollout.max_surge)
	at := concat("", [input.rollout.at, ".rollingUpdate"])
}

_zero(bound) if {
	bound != null
	0 in {bound.number, bound.percent}
}
