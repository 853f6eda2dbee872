# METADATA
# title: Databases cannot be reached by everybody
# description: >-
#   A database that answers the whole internet is found within hours. What then stands between it and a stranger is one password,
#   or a flaw in its login that nobody has mended yet.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: high
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Keep it within the network, or name who may connect:
#     ```hcl
#     publicly_accessible = false
#     ```
#   frameworks: {nist_800_53: ["SC-7"], pci_dss_4: ["1.3.1"]}
#   aliases: [CKV_AWS_17, CKV_AWS_87, CKV_GCP_11, CKV_AZURE_11, AVD-AWS-0180, AVD-GCP-0017, AVD-AZU-0029]
package rules.data_separation.database_publicly_accessible

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.database.publicly_accessible
	setting.value != false
	msg := concat("", [input.address, " can be reached from the whole internet"])
}
