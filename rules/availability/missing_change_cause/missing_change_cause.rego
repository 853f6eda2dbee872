# METADATA
# title: A rollout says what it changes
# description: >-
#   `kubectl rollout history` shows this annotation beside each revision; without it nobody knows which one to go back to.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Let the pipeline write it:
#     ```yaml
#     metadata:
#       annotations:
#         kubernetes.io/change-cause: "web v1.2.0: new checkout"
#     ```
#   frameworks: {nist_800_53: [CM-3]}
#   aliases: []
package rules.availability.missing_change_cause

deny contains {"msg": "has no annotation kubernetes.io/change-cause", "at": "metadata"} if {
	input.kind in {"Deployment", "StatefulSet", "DaemonSet"}
	count(input.owners) == 0
	object.get(input.annotations, "kubernetes.io/change-cause", "") == ""
}
