# METADATA
# title: What is declared is in the cluster
# description: >-
#   Somebody deleted it, or its deployment failed. A missing NetworkPolicy or budget is noticed only when it is
#   needed.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: high
#   applies_to: [live_object]
#   owner: operations
#   remediation: |
#     Deploy it again. If it is not wanted any more, remove it from what is declared.
#   frameworks: {nist_800_53: ["CM-2", "CM-3"], pci_dss_4: ["6.5.1", "11.5.2"]}
#   aliases: []
package rules.drift.missing_in_cluster

deny contains {"msg": msg, "at": "metadata.name"} if {
	input.presence == "missing"
	not input.transient
	msg := concat("", [input.kind, " ", input.name, " is declared", _where, ", and not in the cluster"])
}

_where := concat("", [" in ", input.declared.locator]) if input.declared != null

_where := "" if input.declared == null
