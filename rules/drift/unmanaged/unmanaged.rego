# METADATA
# title: What is in the cluster is declared
# description: >-
#   An object that no repository declares was made by hand. Nobody reviewed it, nothing brings it back after a loss,
#   and it may be an intruder's.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: medium
#   applies_to: [live_object]
#   owner: operations
#   remediation: |
#     Declare it in the repository or delete it. What others put there on purpose belongs on the ignore list in
#     compliance.yaml.
#   frameworks: {nist_800_53: ["CM-2", "CM-8"], pci_dss_4: ["6.5.1", "11.5.2"], nist_800_190: ["4.4.5"]}
#   aliases: []
package rules.drift.unmanaged

deny contains {"msg": msg, "at": "metadata.name"} if {
	input.presence == "unmanaged"
	input.owner == null
	msg := concat("", [input.kind, " ", input.name, " is declared nowhere", _age])
}

_age := concat("", [", and has been there for ", format_int(input.age_days, 10), " days"]) if input.age_days != null

_age := "" if input.age_days == null
