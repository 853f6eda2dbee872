# METADATA
# title: Charts come in an exact version
# description: >-
#   A range of chart versions changes what runs whenever somebody publishes a chart, without a commit that says so and could be reverted.
# schemas:
#   - input: schema.kubernetes_object
# custom:
#   severity: medium
#   applies_to: [kubernetes_object]
#   owner: development
#   remediation: |
#     Name one version, and let a bot propose the next:
#     ```yaml
#     chart:
#       spec:
#         chart: redis
#         version: 18.6.1
#     ```
#   frameworks: {}
#   aliases: []
package rules.versioned_tags.chart_not_pinned

deny contains {"msg": msg, "at": chart.at} if {
	some chart in _charts
	not regex.match(`^v?[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$`, chart.version)
	msg := concat("", ["chart ", chart.name, " comes in version ", chart.version, ", which is a range"])
}

# Flux: no version is every version.
_charts contains {"name": spec.chart, "version": object.get(spec, "version", "*"), "at": "spec.chart.spec"} if {
	input.kind == "HelmRelease"
	spec := input.object.spec.chart.spec
}

_charts contains {"name": source.chart, "version": object.get(source, "targetRevision", "*"), "at": "spec.source"} if {
	input.kind == "Application"
	source := input.object.spec.source
}
