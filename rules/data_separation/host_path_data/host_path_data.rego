# METADATA
# title: Replaceable workloads keep no data on the node
# description: >-
#   Data under hostPath stays behind when the Pod moves to another node, is in no backup of volumes, and belongs to
#   whoever gets the same path next. DaemonSets, single Pods and paths of the system are left out.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: operations
#   remediation: |
#     Claim a volume:
#     ```yaml
#     volumes:
#       - name: data
#         persistentVolumeClaim: {claimName: db}
#     ```
#   frameworks: {nist_800_53: ["SC-36"]}
#   aliases: []
#   params:
#     system:
#       type: array
#       items: {type: string}
#       default: [/proc, /sys, /dev, /run, /var/run, /etc, /var/log, /var/lib/kubelet, /var/lib/docker, /var/lib/containerd, /var/lib/containers, /var/lib/cni, /var/lib/rook, /var/lib/cloud, /lib, /usr, /boot, /bin, /opt/cni, /etc/kubernetes, /tmp]
#       description: folders of the node that hold no application's data
package rules.data_separation.host_path_data

deny contains {"msg": msg, "at": volume.at} if {
	input.kind in {"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout"}
	some volume in input.storage.volumes
	volume.type == "host_path"
	not _of_the_system(volume.host_path)
	some mount in volume.mounts
	not mount.read_only
	msg := concat("", ["container ", mount.container, " keeps data in ", volume.host_path, " of the node"])
}

_of_the_system(path) if path == "/"

_of_the_system(path) if {
	some folder in input.params["data_separation.host_path_data"].system
	startswith(concat("", [path, "/"]), concat("", [folder, "/"]))
}
