# METADATA
# title: Replicas do not share a volume that one node can mount
# description: >-
#   A ReadWriteOnce volume is attached to one node. Replicas on other nodes wait for it for ever, and two on the same
#   node write the same files.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: operations
#   remediation: |
#     Give each replica a claim of its own, or use storage that several nodes can mount:
#     ```yaml
#     kind: StatefulSet
#     spec:
#       volumeClaimTemplates:
#         - metadata: {name: data}
#     ```
#   frameworks: {nist_800_53: ["SC-36"]}
#   aliases: []
package rules.data_separation.claim_blocks_replicas

deny contains {"msg": msg, "at": volume.at} if {
	input.replicas != null
	input.replicas > 1
	some volume in input.storage.volumes
	volume.type == "claim"
	count(volume.access_modes) > 0
	every mode in volume.access_modes { mode in {"ReadWriteOnce", "ReadWriteOncePod"} }
	msg := concat("", ["claim ", volume.claim, " can be mounted on one node, but has ", format_int(input.replicas, 10), " replicas"])
}
