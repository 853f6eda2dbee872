# METADATA
# title: Volumes are of types that need no rights on the node
# description: >-
#   Volumes that name a disk, a share or a server in the Pod itself let whoever writes the Pod choose what the node mounts.
#   Claims and CSI leave that choice to the storage class.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Use a claim, or one of configMap, secret, projected, downwardAPI, emptyDir, ephemeral, csi, image:
#     ```yaml
#     volumes:
#       - name: data
#         persistentVolumeClaim: {claimName: web-data}
#     ```
#     Paths of the node have rules of their own.
#   frameworks: {pss: ["restricted/volume-types"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.4.3"], nist_800_53: [AC-6, CM-7]}
#   aliases: [KSV-0028]
package rules.pod_security.volume_type_restricted

deny contains {"msg": msg, "at": at} if {
	some volume in input.pod.volumes
	volume.type != null
	not volume.type in _allowed
	volume.type != "hostPath"
	at := concat("", [input.pod.at, ".volumes[", volume.name, "]"])
	msg := concat("", ["volume ", volume.name, " is of the type ", volume.type])
}

_allowed := {
	"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret",
}
