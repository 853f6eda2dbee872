# METADATA
# title: An Ingress sends requests to a port that the Service has
# description: >-
#   Requests for a port that the Service does not have are answered with an error.
# schemas:
#   - input: schema.ingress
# custom:
#   severity: medium
#   applies_to: [ingress]
#   owner: development
#   remediation: |
#     Name a port of the Service:
#     ```yaml
#     backend: {service: {name: web, port: {name: http}}}
#     ```
#   frameworks: {nist_800_53: [CM-6]}
#   aliases: []
package rules.network_policies.ingress_port_unknown

deny contains {"msg": msg, "at": backend.at} if {
	some backend in input.backends
	backend.port_found == false
	msg := concat("", ["sends requests to port ", backend.port, ", which Service ", backend.service, " does not have"])
}
