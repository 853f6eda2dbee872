# METADATA
# title: Databases go by parameters that the code names
# description: >-
#   The default parameter group cannot be changed. On the day that a parameter has to be, the database needs another group and a
#   restart; and nothing in the code says what its parameters are.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: low
#   applies_to: [terraform]
#   owner: sre
#   remediation: |
#     Name a group, even one that changes nothing yet:
#     ```hcl
#     parameter_group_name = aws_db_parameter_group.orders.name
#     ```
#   frameworks: {nist_800_53: ["CM-6"]}
#   aliases: []
package rules.data_separation.database_default_parameters

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.database.default_parameters
	setting.value != false
	not input.database.is_replica
	msg := concat("", [input.address, " goes by the default parameters of the cloud"])
}
