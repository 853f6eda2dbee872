# METADATA
# title: The port to scrape is one that a container has
# description: >-
#   The annotation sends Prometheus to a port that no container of the Pod declares, while they declare others: most often
#   the port was changed in one place only, and the target is down for ever.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: sre
#   remediation: |
#     Name the port that serves metrics, in both places:
#     ```yaml
#     annotations:
#       prometheus.io/port: "9090"
#     # ...
#     ports:
#       - {name: metrics, containerPort: 9090}
#     ```
#   frameworks: {nist_800_53: [SI-4]}
#   aliases: []
package rules.observability.scrape_port_undeclared

deny contains {"msg": msg, "at": input.observability.scrape.at} if {
	number := input.observability.scrape.number
	number != null
	declared := {port.container_port | some container in input.containers; some port in container.ports}
	count(declared) > 0
	not number in declared
	msg := concat("", ["port ", format_int(number, 10), " is to be scraped, which no container declares"])
}
