# METADATA
# title: Egress leaves out the metadata service of the cloud
# description: >-
#   At 169.254.169.254 the clouds answer plain HTTP with the credentials of the node. An address block that has it
#   lets a Pod that is taken over ask for them.
# schemas:
#   - input: schema.network_policy
# custom:
#   severity: medium
#   applies_to: [network_policy]
#   owner: security
#   remediation: |
#     Leave the address out of the block:
#     ```yaml
#     egress:
#       - to:
#           - ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}
#     ```
#   frameworks: {nsa_cisa: [network-policies], nist_800_190: ["4.4.2"], nist_800_53: ["SC-7(5)"], pci_dss_4: ["1.3.2"]}
#   aliases: []
package rules.network_policies.allows_cloud_metadata

deny contains {"msg": msg, "at": at} if {
	"Egress" in input.policy_types
	some rule in input.egress
	rule.plain_http
	not _allows_everything(rule)
	some at in rule.metadata_service
	msg := "allows egress to the metadata service of the cloud (169.254.169.254)"
}

# network_policies.allows_everything says that.
_allows_everything(rule) if {
	rule.any_peer
	rule.any_port
}
