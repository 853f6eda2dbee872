# METADATA
# title: Probes and hooks ask their own Pod
# description: >-
#   A probe that names a host is sent by the kubelet from the node: whoever writes manifests can make nodes call what they
#   cannot reach themselves, and the answer says nothing about this Pod. Judged from Kubernetes 1.34 on, as the standard
#   does; Pods in the network of their node are the matter of pod_security.host_network.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Remove `host`; the Pod's own address is the default:
#     ```yaml
#     readinessProbe:
#       httpGet: {path: /readyz, port: 8080}
#     ```
#   frameworks: {pss: ["baseline/host-probes"], nsa_cisa: [pod-security-enforcement], nist_800_53: [AC-4, SC-7]}
#   aliases: []
package rules.pod_security.probe_host

deny contains {"msg": msg, "at": handler.at} if {
	not input.pod.host_network
	some handler in input.pod_security.handler_hosts
	msg := concat("", [handler.of, " has a ", handler.handler, " that asks the host ", handler.host])
}
