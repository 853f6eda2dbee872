# METADATA
# title: A rolling update does not wait for its own volume
# description: >-
#   A rolling update starts the new Pod before it stops the old one, which holds the ReadWriteOnce volume. On another
#   node the new Pod cannot mount it, so the update never ends; on the same node two versions write the same files.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: operations
#   remediation: |
#     Stop the old Pod first, or use a StatefulSet:
#     ```yaml
#     strategy:
#       type: Recreate
#     ```
#   frameworks: {nist_800_53: ["CM-3"]}
#   aliases: []
package rules.data_separation.claim_blocks_rollout

deny contains {"msg": msg, "at": "spec.strategy"} if {
	input.storage.surges
	some volume in input.storage.volumes
	volume.type == "claim"
	count(volume.access_modes) > 0
	every mode in volume.access_modes { mode in {"ReadWriteOnce", "ReadWriteOncePod"} }
	msg := concat("", ["a rolling update waits for claim ", volume.claim, ", which the old Pod holds"])
}
