# METADATA
# title: The configuration version that a workload announces is the one that it reads
# description: >-
#   A variable such as CONFIG_VERSION makes Pods roll when the configuration changes, and tells which one they run.
#   Where it differs from the ConfigMap's label, either nobody rolled the Pods, or they run something else than they
#   say.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Change both in one release:
#     ```yaml
#     kind: ConfigMap
#     metadata:
#       labels: {version: "20240301"}
#     ---
#     env:
#       - name: CONFIG_VERSION
#         value: "20240301"
#     ```
#   frameworks: {nist_800_53: ["CM-3", "CM-8"]}
#   aliases: []
#   params:
#     variables:
#       type: array
#       items: {type: string}
#       default: [CONFIG_VERSION]
#       description: variables that say which version of the configuration a container runs
package rules.configuration.config_version_differs

deny contains {"msg": msg, "at": at} if {
	some container in input.containers
	some variable in container.env
	variable.name in input.params["configuration.config_version_differs"].variables
	variable.value != null
	count(_versions) > 0
	not variable.value in _versions
	at := concat("", [container.at, ".env[", variable.name, "]"])
	said := concat(", ", sort(_versions))
	msg := concat("", [variable.name, " of container ", container.name, " says ", variable.value, ", its config maps say ", said])
}

_versions contains version if {
	some read in input.configuration
	read.kind == "ConfigMap"
	some version in read.version_labels
}
