# METADATA
# title: Charts take in other charts in fixed versions
# description: >-
#   With a range and no lock file, two renderings of the same chart may contain different versions of what it builds upon,
#   and nothing in the repository says which ran.
# schemas:
#   - input: schema.chart
# custom:
#   severity: medium
#   applies_to: [chart]
#   owner: development
#   remediation: |
#     Run `helm dependency update` and commit Chart.lock, or name one version:
#     ```yaml
#     dependencies:
#       - name: redis
#         version: 18.6.1
#         repository: https://charts.example.com
#     ```
#   frameworks: {nist_800_53: ["CM-2"]}
#   aliases: []
package rules.versioned_tags.chart_dependency_not_pinned

deny contains {"msg": msg, "at": dependency.at} if {
	not input.locked
	some dependency in input.dependencies
	not dependency.local
	not dependency.exact
	msg := concat("", ["chart ", _text(dependency.name), " comes in ", _version(dependency.version), ", and no Chart.lock fixes one"])
}

_text(name) := name if name != null

_text(null) := "without a name"

_version(version) := concat("", ["version ", version, ", which is a range"]) if version != null

_version(null) := "any version"
