# METADATA
# title: Objects are written only by those who deploy
# description: >-
#   A field that `kubectl edit`, `patch` or `set` wrote is in no repository: nobody reviewed it, and the next
#   deployment undoes it or, worse, builds on it.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: medium
#   applies_to: [live_object]
#   owner: operations
#   remediation: |
#     Put the change into the repository, or undo it, and deploy. Programs of yours that may write are named in
#     the allow-list of managers in compliance.yaml.
#   frameworks: {nist_800_53: ["CM-3", "CM-5"], pci_dss_4: ["6.5.1"]}
#   aliases: []
package rules.drift.edited_by_hand

deny contains {"msg": msg, "at": at} if {
	some manager in input.managers
	not manager.allowed
	some field in manager.fields
	at := concat("", ["fields[", field, "]"])
	msg := concat("", [field, " was written by ", manager.name, _when(manager)])
}

_when(manager) := concat("", [", last at ", manager.time]) if manager.time != null

_when(manager) := "" if manager.time == null
