# METADATA
# title: A Service sends traffic to a port that its Pods name
# description: >-
#   Where no container of the selected Pods has a port of that name, the Service has no endpoint for it, and
#   connections fail.
# schemas:
#   - input: schema.service
# custom:
#   severity: high
#   applies_to: [service]
#   owner: development
#   remediation: |
#     Name the port in the container, or correct the name in the Service:
#     ```yaml
#     ports:
#       - {name: http, containerPort: 8080}
#     ```
#   frameworks: {nist_800_53: [CM-6]}
#   aliases: []
package rules.network_policies.target_port_unknown

deny contains {"msg": msg, "at": port.at} if {
	some port in input.ports
	port.target_found == false
	msg := concat("", ["sends traffic to port ", port.target_name, ", which no container that it selects names"])
}
