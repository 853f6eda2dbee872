# METADATA
# title: Containers' root file systems are read-only
# description: >-
#   What can be changed at run time will be: by an attacker who adds a tool, by somebody who mends an instance by hand. A
#   read-only root file system keeps each instance what its image says.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Give temporary files a volume of their own:
#     ```yaml
#     securityContext:
#       readOnlyRootFilesystem: true
#     volumeMounts:
#       - {name: tmp, mountPath: /tmp}
#     ```
#   frameworks: {cis_kubernetes: ["5.6.3"], nsa_cisa: [immutable-file-systems], nist_800_190: ["4.4.3"], nist_800_53: [CM-5, SI-7], pci_dss_4: ["2.2.6"]}
#   aliases: [CKV_K8S_22, KSV-0014, C-0017, no-read-only-root-fs, notReadOnlyRootFilesystem, container-security-context-readonlyrootfilesystem]
package rules.pod_security.writable_root_filesystem

deny contains {"msg": msg, "at": container.at} if {
	not input.pod_security.windows
	some container in input.containers
	container.kind in {"main", "sidecar"}
	container.security_context.read_only_root_filesystem.value != true
	msg := concat("", ["container ", container.name, " can write to its root file system"])
}
