# METADATA
# title: Containers have no access to the container runtime's socket
# description: >-
#   Whoever talks to the socket of Docker, containerd or CRI-O starts privileged containers on the node: mounting it, even
#   read-only, gives the node away.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Remove the volume. Build images without a daemon (buildah, BuildKit rootless), and read metrics from the kubelet's API:
#     ```yaml
#     volumes: []   # no hostPath of docker.sock, containerd.sock or crio.sock
#     ```
#   frameworks: {cis_kubernetes: ["5.2.11"], pss: ["baseline/host-path-volumes", "restricted/volume-types"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.5.5"], nist_800_53: [AC-6, SC-39]}
#   aliases: [CKV_K8S_27, KSV-0006, C-0074, docker-sock]
package rules.pod_security.runtime_socket_mounted

deny contains {"msg": msg, "at": volume.at} if {
	some volume in input.pod_security.host_paths
	volume.exposes == "runtime_socket"
	msg := concat("", ["volume ", volume.name, " gives ", volume.path, " of the node, the container runtime's socket"])
}
