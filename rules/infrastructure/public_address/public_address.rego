# METADATA
# title: Machines have no public address
# description: >-
#   What has an address of its own is found by scanners within minutes, and every open port and every flaw of it with them. Load
#   balancers and NAT gateways are there so that machines need none.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Put a load balancer in front of what has to be reached:
#     ```hcl
#     associate_public_ip_address = false
#     ```
#   frameworks: {nist_800_53: ["SC-7"], pci_dss_4: ["1.3.1"]}
#   aliases: [CKV_AWS_88, CKV_GCP_40, CKV_AZURE_119, AVD-AWS-0009, AVD-GCP-0031, AVD-AZU-0076]
package rules.infrastructure.public_address

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.machine.public_address
	setting.value != false
	msg := concat("", [input.address, " has an address that everybody can reach"])
}
