# METADATA
# title: Pods are what their template says
# description: >-
#   A Pod whose spec was changed after its controller had made it is a machine repaired by hand: its replacement will
#   be different. What admission adds to every Pod, and resizing in place, is passed over.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: high
#   applies_to: [live_object]
#   owner: operations
#   remediation: |
#     Change the template in the repository if the change was right, and replace the Pod:
#     ```sh
#     kubectl --namespace shop delete pod web-7d4b9c-x2x4p
#     ```
#   frameworks: {nist_800_53: ["CM-2", "CM-3", "SI-7"], pci_dss_4: ["6.5.1", "11.5.2"]}
#   aliases: []
package rules.drift.differs_from_template

deny contains {"msg": msg, "at": at} if {
	some difference in input.workload.differs_from_template
	difference.explained_by == null
	at := concat("", ["fields[", difference.path, "]"])
	values := concat("", [_text(difference.live), ", and ", _text(difference.template), " in its template"])
	msg := concat("", [difference.path, " of Pod ", difference.pod, " is ", values])
}

_text(value) := value if value != null

_text(value) := "absent" if value == null
