# METADATA
# title: An Ingress sends requests to a Service that is there
# description: >-
#   Requests for a Service that does not exist are answered with an error. Most often it was renamed on one side
#   only.
# schemas:
#   - input: schema.ingress
# custom:
#   severity: medium
#   applies_to: [ingress]
#   owner: development
#   remediation: |
#     Name the Service:
#     ```yaml
#     backend: {service: {name: web, port: {name: http}}}
#     ```
#   frameworks: {nist_800_53: [CM-6]}
#   aliases: [dangling-ingress, ingress-targets-service, C-0298]
package rules.network_policies.ingress_service_missing

deny contains {"msg": msg, "at": backend.at} if {
	some backend in input.backends
	backend.service_found == false
	msg := concat("", ["sends requests to Service ", backend.service, ", which is not ", _where[input.inventory]])
}

_where := {"complete": "in its namespace", "partial": "among the scanned files of its namespace"}
