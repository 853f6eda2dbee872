# METADATA
# title: A Service claims no addresses by externalIPs
# description: >-
#   Whatever address a Service writes there, the nodes send its traffic to this Service: whoever may create Services
#   can draw the traffic of others to themselves (CVE-2020-8554, which has no fix).
# schemas:
#   - input: schema.service
# custom:
#   severity: medium
#   applies_to: [service]
#   owner: security
#   remediation: |
#     Use a load balancer, or allow the address by the parameter `allowed`:
#     ```yaml
#     spec:
#       type: LoadBalancer
#     ```
#   frameworks: {nist_800_190: ["4.3.3"], nist_800_53: [SC-7], pci_dss_4: ["1.3.1"]}
#   aliases: [KSV-0108]
#   params:
#     allowed:
#       type: array
#       items: {type: string}
#       default: []
#       description: addresses that Services may claim
package rules.network_policies.external_ips

deny contains {"msg": msg, "at": "spec.externalIPs"} if {
	some address in input.external_ips
	not address in input.params["network_policies.external_ips"].allowed
	msg := concat("", ["claims the address ", address, " by externalIPs"])
}
