# METADATA
# title: A load balancer says whom it serves
# description: >-
#   Without source ranges the load balancer of a cloud gets a public address and takes connections from the whole
#   internet. That is right for the entrance of the cluster, and seldom for anything else.
# schemas:
#   - input: schema.service
# custom:
#   severity: low
#   applies_to: [service]
#   owner: operations
#   remediation: |
#     Name who may connect, or ask the cloud for an internal address:
#     ```yaml
#     spec:
#       type: LoadBalancer
#       loadBalancerSourceRanges: [203.0.113.0/24]
#     ```
#   frameworks: {nist_800_190: ["4.3.3"], nist_800_53: [SC-7], pci_dss_4: ["1.3.1"]}
#   aliases: []
package rules.network_policies.open_load_balancer

deny contains {"msg": msg, "at": "spec.type"} if {
	input.load_balancer.open
	not input.load_balancer.internal
	input.load_balancer.class == null
	msg := "is open to every address by a load balancer"
}
