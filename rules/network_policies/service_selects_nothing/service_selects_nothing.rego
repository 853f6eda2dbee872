# METADATA
# title: A Service selects some workload
# description: >-
#   A Service whose selector matches no Pod has no endpoints: every connection to it fails. Most often a label was
#   renamed on one side only.
# schemas:
#   - input: schema.service
# custom:
#   severity: medium
#   applies_to: [service]
#   owner: development
#   remediation: |
#     Give the selector the labels of the Pods:
#     ```yaml
#     spec:
#       selector: {app: web}
#     ```
#   frameworks: {nist_800_53: [CM-6]}
#   aliases: [dangling-service, service-targets-pod, C-0293]
package rules.network_policies.service_selects_nothing

deny contains {"msg": msg, "at": "spec.selector"} if {
	input.selects_something == false
	msg := concat("", ["selects none of the workloads ", _where[input.inventory]])
}

_where := {"complete": "of its namespace", "partial": "of its namespace among the scanned files"}
