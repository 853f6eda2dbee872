# METADATA
# title: Workloads with data say how it is backed up
# description: >-
#   Tools such as Velero and K8up find what to save by labels and annotations. A claim that nobody has marked is found
#   missing on the day when it is needed. Advice: who takes snapshots of all volumes, or by another tool, turns the rule
#   off or names its marks.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: operations
#   remediation: |
#     Mark what is saved, and what is left out on purpose:
#     ```yaml
#     template:
#       metadata:
#         annotations:
#           backup.velero.io/backup-volumes: data
#     ```
#   frameworks: {nist_800_53: ["CP-9"]}
#   aliases: []
#   params:
#     marks:
#       type: array
#       items: {type: string}
#       default: [backup, velero.io, k8up.io, snapshot, stash.appscode.com, kanister]
#       description: parts of the keys of labels and annotations that speak of backups
package rules.data_separation.missing_backup_mark

deny contains {"msg": msg, "at": "metadata.annotations"} if {
	count(input.claims) > 0
	count([mark | some mark in _marks; _about_backups(mark)]) == 0
	msg := concat("", ["no label or annotation says how the data of ", input.name, " is backed up"])
}

_marks contains mark if {
	some claim in input.claims
	some mark in claim.marks
}

_marks contains mark if some mark, _ in input.pod.annotations

_marks contains mark if some mark, _ in input.pod.labels

_marks contains mark if some mark, _ in input.annotations

_marks contains mark if some mark, _ in input.labels

_about_backups(mark) if {
	some part in input.params["data_separation.missing_backup_mark"].marks
	contains(mark, part)
}
