# METADATA
# title: Earlier revisions are kept for a rollback
# description: >-
#   With revisionHistoryLimit 0 there is nothing that `kubectl rollout undo` could go back to.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: operations
#   remediation: |
#     Keep some (Kubernetes keeps 10 unless told otherwise):
#     ```yaml
#     spec:
#       revisionHistoryLimit: 5
#     ```
#   frameworks: {nist_800_53: [CP-10]}
#   aliases: []
package rules.availability.no_rollback

deny contains {"msg": "keeps no earlier revision to roll back to", "at": "spec.revisionHistoryLimit"} if {
	input.kind in {"Deployment", "StatefulSet", "DaemonSet", "Rollout"}
	input.rollout.revision_history_limit == 0
}
