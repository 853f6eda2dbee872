# METADATA
# title: Objects are as they are declared
# description: >-
#   What runs and what the repository says are two things. The next deployment changes more than its author knows.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: medium
#   applies_to: [live_object]
#   owner: operations
#   remediation: |
#     Put the live value into the repository if it is right, or deploy again. What others write on purpose belongs
#     into `ignore_differences` in compliance.yaml.
#   frameworks: {nist_800_53: ["CM-2", "CM-3"], pci_dss_4: ["6.5.1", "11.5.2"]}
#   aliases: []
package rules.drift.field_differs

deny contains {"msg": msg, "at": at} if {
	some difference in input.field_differs
	at := concat("", ["fields[", difference.path, "]"])
	values := concat("", [_text(difference.live), ", and declared as ", _text(difference.declared)])
	msg := concat("", [difference.path, " is ", values, _by(difference)])
}

_text(value) := value if value != null

_text(value) := "absent" if value == null

_by(difference) := concat("", ["; ", difference.manager, " wrote it"]) if difference.manager != null

_by(difference) := "" if difference.manager == null
