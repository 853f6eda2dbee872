# METADATA
# title: ConfigMaps that workloads read are immutable
# description: >-
#   A change of configuration is a release like any other: tested, rolled out step by step, rolled back. A config map
#   that is changed in place reaches some Pods at once, others at their next restart, and no rollback brings the old one
#   back.
# schemas:
#   - input: schema.configuration
# custom:
#   severity: medium
#   applies_to: [configuration]
#   owner: development
#   remediation: |
#     Make it immutable, with a name per version, and let the workload name the version that it wants:
#     ```yaml
#     apiVersion: v1
#     kind: ConfigMap
#     metadata:
#       name: web-v2
#     immutable: true
#     ```
#   frameworks: {nist_800_53: ["CM-3", "SI-14"]}
#   aliases: []
#   params:
#     exempt:
#       type: array
#       items: {type: string}
#       default: [kube-root-ca.crt, openshift-service-ca.crt, istio-ca-root-cert]
#       description: config maps that something in the cluster keeps up to date
package rules.configuration.mutable_config_map

deny contains {"msg": msg, "at": "immutable"} if {
	input.kind == "ConfigMap"
	not input.immutable
	count(input.used_by) > 0
	not _written_by_others
	msg := concat("", ["config map ", input.name, " can be changed under ", concat(", ", input.used_by)])
}

_written_by_others if input.owned

_written_by_others if input.filled_later

_written_by_others if input.name in input.params["configuration.mutable_config_map"].exempt
