# METADATA
# title: Containers use no ports of their node
# description: >-
#   A host port is open on the address of the node, past Services and most NetworkPolicies, and lets only one such Pod run on
#   a node. Pods in the network of their node are the matter of pod_security.host_network.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Remove `hostPort` and expose the port by a Service:
#     ```yaml
#     ports:
#       - {name: http, containerPort: 8080}
#     ```
#   frameworks: {cis_kubernetes: ["5.2.12"], pss: ["baseline/host-ports"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.4.2", "4.4.3"], nist_800_53: [CM-7, SC-7]}
#   aliases: [CKV_K8S_26, KSV-0024, C-0044, hostPortSet]
package rules.pod_security.host_port

deny contains {"msg": msg, "at": at} if {
	not input.pod.host_network
	some container in input.containers
	some port in container.ports
	port.host_port != null
	port.host_port != 0
	at := concat("", [container.at, ".ports"])
	msg := concat("", ["container ", container.name, " takes port ", format_int(port.host_port, 10), " of its node"])
}
