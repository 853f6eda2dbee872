# METADATA
# title: Pods write nothing to their node
# description: >-
#   What a Pod can write on its node outlives it, is seen by the next Pod, and can be made into a way onto the node. An
#   instance that leaves something behind is not replaceable.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Keep data on a claim, or mount the path read-only:
#     ```yaml
#     volumes:
#       - name: data
#         persistentVolumeClaim: {claimName: web-data}
#     ```
#   frameworks: {cis_kubernetes: ["5.2.11"], pss: ["baseline/host-path-volumes", "restricted/volume-types"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.5.5"], nist_800_53: [AC-6, SC-39]}
#   aliases: [C-0045, writable-host-mount]
package rules.pod_security.writable_host_path

deny contains {"msg": msg, "at": volume.at} if {
	some volume in input.pod_security.host_paths
	volume.exposes == "writable"
	msg := concat("", ["volume ", volume.name, " lets containers write ", volume.path, " of the node"])
}
