# METADATA
# title: Persistent volumes are on no path of a node
# description: >-
#   A hostPath volume is a folder of one node under the name of a persistent volume: it does not move with the Pod, is
#   lost with the node, and gives Pods a way to the node's files. For disks of a node there is the type local, which
#   binds the Pod to it.
# schemas:
#   - input: schema.persistent_volume
# custom:
#   severity: medium
#   applies_to: [persistent_volume]
#   owner: operations
#   remediation: |
#     Let a storage class make the volume, or use a local volume with node affinity:
#     ```yaml
#     spec:
#       local: {path: /mnt/disks/ssd1}
#     ```
#   frameworks: {nist_800_53: ["SC-36"]}
#   aliases: []
package rules.data_separation.host_path_volume

deny contains {"msg": msg, "at": "spec.hostPath"} if {
	input.host_path != null
	msg := concat("", ["volume ", input.name, " is the folder ", input.host_path, " of a node"])
}
