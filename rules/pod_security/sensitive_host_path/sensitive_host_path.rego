# METADATA
# title: Pods mount no system folder of their node
# description: >-
#   The root, /etc, /proc, /sys, /var/lib/kubelet and the like hold credentials and the means to change the node; even
#   read-only they give away what other Pods were told in confidence.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Mount nothing of the node, or only the one file that is needed:
#     ```yaml
#     volumes:
#       - name: data
#         emptyDir: {sizeLimit: 1Gi}
#     ```
#   frameworks: {cis_kubernetes: ["5.2.11"], pss: ["baseline/host-path-volumes", "restricted/volume-types"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.5.5"], nist_800_53: [AC-6, SC-39]}
#   aliases: [sensitive-host-mounts, KSV-0121]
package rules.pod_security.sensitive_host_path

deny contains {"msg": msg, "at": volume.at} if {
	some volume in input.pod_security.host_paths
	volume.exposes == "sensitive"
	msg := concat("", ["volume ", volume.name, " gives ", volume.path, " of the node, a system folder"])
}
