# METADATA
# title: Configuration is replaced, not changed in place
# description: >-
#   Pods that read the ConfigMap before the change run with the old values, those that start later with the new ones.
#   Nothing was rolled out, so nothing can be rolled back.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: medium
#   applies_to: [live_object]
#   owner: operations
#   remediation: |
#     Give each version of the configuration a name of its own, make it immutable, and roll out the workload that
#     refers to it:
#     ```yaml
#     apiVersion: v1
#     kind: ConfigMap
#     metadata: {name: web-settings-v2}
#     immutable: true
#     ```
#   frameworks: {nist_800_53: ["CM-2", "CM-3"], pci_dss_4: ["6.5.1", "11.5.2"]}
#   aliases: []
package rules.drift.configmap_changed_in_place

deny contains {"msg": msg, "at": at} if {
	some changed in input.workload.configuration_changed
	changed.kind == "ConfigMap"
	not changed.maintained
	changed.pods > 0
	at := concat("", ["configuration[", changed.kind, " ", changed.name, "]"])
	after := concat("", [", after Pods that read it had started (", format_int(changed.pods, 10), ")"])
	msg := concat("", ["ConfigMap ", changed.name, " was changed at ", changed.changed_at, after])
}
