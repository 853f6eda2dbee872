# METADATA
# title: A headless Service names the Pods of a StatefulSet
# description: >-
#   The stable DNS names of a StatefulSet's Pods come from a headless Service; without it members cannot find each other.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Name a headless Service that selects the Pods:
#     ```yaml
#     kind: Service
#     metadata: {name: queue}
#     spec:
#       clusterIP: None
#       selector: {app: queue}
#     ```
#   frameworks: {}
#   aliases: [statefulset-has-servicename]
package rules.availability.no_governing_service

deny contains {"msg": "names no Service, so that its Pods have no DNS names", "at": "spec"} if {
	input.governing_service.name == null
}

deny contains {"msg": msg, "at": "spec.serviceName"} if {
	input.governing_service.found == false
	msg := concat("", ["names Service ", input.governing_service.name, ", which is not ", _where[input.inventory]])
}

deny contains {"msg": msg, "at": "spec.serviceName"} if {
	input.governing_service.headless == false
	msg := concat("", ["names Service ", input.governing_service.name, ", which is not headless"])
}

deny contains {"msg": msg, "at": "spec.serviceName"} if {
	input.governing_service.selects == false
	msg := concat("", ["names Service ", input.governing_service.name, ", which does not select its Pods"])
}

_where := {"complete": "in its namespace", "partial": "among the scanned files"}
