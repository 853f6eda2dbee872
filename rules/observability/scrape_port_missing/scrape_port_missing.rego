# METADATA
# title: Annotations about scraping say which port
# description: >-
#   Without a port Prometheus tries every port that the Pod declares, and reports all but one of them as down; where none is
#   declared it tries port 80.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: sre
#   remediation: |
#     Name the port beside it:
#     ```yaml
#     annotations:
#       prometheus.io/scrape: "true"
#       prometheus.io/port: "9090"
#     ```
#   frameworks: {nist_800_53: [SI-4]}
#   aliases: []
package rules.observability.scrape_port_missing

deny contains {"msg": msg, "at": input.observability.scrape.at} if {
	input.observability.scrape.port == null
	count([port | some container in input.containers; some port in container.ports]) != 1
	msg := "the Pod is to be scraped, and nothing says on which port"
}
