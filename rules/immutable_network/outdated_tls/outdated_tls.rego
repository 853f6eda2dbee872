# METADATA
# title: TLS before version 1.2 is refused
# description: >-
#   TLS 1.0 and 1.1 were given up in 2021, because what they protect can be read. As long as a server takes them, somebody on the
#   way can talk a client into using them.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: high
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Choose a policy of today:
#     ```hcl
#     ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
#     ```
#   frameworks: {nist_800_53: ["SC-8"]}
#   aliases:
#     - CKV_AWS_103
#     - CKV_AWS_174
#     - CKV_AZURE_44
#     - CKV_AZURE_52
#     - CKV_AZURE_148
#     - AVD-AWS-0013
#     - AVD-AWS-0047
#     - AVD-AZU-0011
#     - AVD-GCP-0039
package rules.immutable_network.outdated_tls

deny contains {"msg": msg, "at": outdated.at} if {
	some listener in input.listeners
	outdated := listener.outdated_tls
	outdated.value != false
	msg := concat("", [input.address, " takes TLS before version 1.2"])
}
