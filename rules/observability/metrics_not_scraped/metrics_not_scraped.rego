# METADATA
# title: Metrics that are offered are collected
# description: >-
#   The container has a port for metrics, and nobody was told to read it: dashboards and alerts stay empty without anybody
#   noticing.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: sre
#   remediation: |
#     Add a PodMonitor or ServiceMonitor, or the annotations that your Prometheus looks for:
#     ```yaml
#     metadata:
#       annotations:
#         prometheus.io/scrape: "true"
#         prometheus.io/port: "9090"
#     ```
#   frameworks: {nist_800_53: [SI-4]}
#   aliases: []
package rules.observability.metrics_not_scraped

deny contains {"msg": msg, "at": port.at} if {
	count(input.observability.scraped_by) == 0
	some port in input.observability.metrics_ports
	msg := concat("", [port.of, " has a port ", port.name, ", and nothing among what was read has it scraped"])
}
