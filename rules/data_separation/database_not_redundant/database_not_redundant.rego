# METADATA
# title: Databases stand in more than one zone
# description: >-
#   Machines can be replaced at any time, the database behind them cannot. One that stands in a single zone is gone, for hours,
#   with a failed disk or a failed data centre, and during each maintenance.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: sre
#   remediation: |
#     Let the cloud keep a standby in another zone (AWS; `availability_type = "REGIONAL"` on Google Cloud, a `high_availability` block on Azure):
#     ```hcl
#     multi_az = true
#     ```
#   frameworks: {nist_800_53: ["CP-10", "SC-36"]}
#   aliases: [CKV_AWS_157, CKV_AZURE_229]
package rules.data_separation.database_not_redundant

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.database.redundant
	setting.value != true
	not input.database.is_replica
	msg := concat("", [input.address, " stands in a single zone and has nothing to fail over to"])
}
