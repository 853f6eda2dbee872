# METADATA
# title: Pods mount no path of their node
# description: >-
#   A Pod that reads a path of its node depends on which node it runs, and sees what other Pods and the system left there.
#   Paths that are sensitive or writable have rules of their own.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Use a ConfigMap, a claim or an emptyDir instead:
#     ```yaml
#     volumes:
#       - name: data
#         persistentVolumeClaim: {claimName: web-data}
#     ```
#   frameworks: {cis_kubernetes: ["5.2.11"], pss: ["baseline/host-path-volumes", "restricted/volume-types"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.5.5"], nist_800_53: [AC-6, SC-39]}
#   aliases: [KSV-0023, C-0048, hostPathSet]
package rules.pod_security.host_path_volume

deny contains {"msg": msg, "at": volume.at} if {
	some volume in input.pod_security.host_paths
	volume.exposes == "read_only"
	msg := concat("", ["volume ", volume.name, " mounts ", volume.path, " of the node"])
}
