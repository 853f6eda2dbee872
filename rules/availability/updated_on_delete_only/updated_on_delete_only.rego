# METADATA
# title: A new template reaches the Pods by itself
# description: >-
#   With OnDelete nothing is replaced until somebody deletes Pods by hand, so that old and new versions run side by side
#   unnoticed.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: operations
#   remediation: |
#     Let Kubernetes roll, in steps where that matters:
#     ```yaml
#     updateStrategy:
#       type: RollingUpdate
#       rollingUpdate: {partition: 0}
#     ```
#   frameworks: {nist_800_53: [CM-3]}
#   aliases: []
package rules.availability.updated_on_delete_only

deny contains {"msg": "replaces no Pod until somebody deletes it", "at": at} if {
	input.rollout.strategy == "OnDelete"
	at := concat("", [input.rollout.at, ".type"])
}
