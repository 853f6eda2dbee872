# METADATA
# title: A Service is not published on every node
# description: >-
#   A node port is open on every node of the cluster, past Ingress, TLS and load balancer, to whoever reaches the
#   nodes.
# schemas:
#   - input: schema.service
# custom:
#   severity: medium
#   applies_to: [service]
#   owner: operations
#   remediation: |
#     Use a ClusterIP behind an Ingress or a Gateway:
#     ```yaml
#     spec:
#       type: ClusterIP
#     ```
#   frameworks: {nist_800_190: ["4.3.3"], nist_800_53: [SC-7], pci_dss_4: ["1.3.1"]}
#   aliases: [service-type, exposed-services]
package rules.network_policies.node_port

deny contains {"msg": msg, "at": "spec.type"} if {
	input.type == "NodePort"
	msg := "is published on a port of every node"
}
