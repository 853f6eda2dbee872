# METADATA
# title: A StatefulSet leaves its claims when it goes
# description: >-
#   With persistentVolumeClaimRetentionPolicy Delete, scaling down or deleting the StatefulSet deletes the data, and a
#   typing error in a release is enough for that.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: operations
#   remediation: |
#     Keep the claims, which is the default, and delete them by hand:
#     ```yaml
#     persistentVolumeClaimRetentionPolicy:
#       whenDeleted: Retain
#       whenScaled: Retain
#     ```
#   frameworks: {nist_800_53: ["CP-9"]}
#   aliases: []
package rules.data_separation.claims_deleted_with_workload

deny contains {"msg": msg, "at": at} if {
	count(input.claims) > 0
	some when in input.storage.claims_deleted
	at := concat("", ["spec.persistentVolumeClaimRetentionPolicy.", when])
	msg := concat("", ["claims of ", input.name, " are deleted ", _occasions[when]])
}

_occasions := {"whenDeleted": "with it", "whenScaled": "when it is scaled down"}
