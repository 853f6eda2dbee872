# METADATA
# title: A new template replaces the machines that are running
# description: >-
#   A group whose template changes keeps its old machines until they happen to die. For weeks two versions run side by side, and
#   the next scale-out in the night starts the one that nobody has watched yet.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: low
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Let a changed template replace them, one after the other:
#     ```hcl
#     instance_refresh {
#       strategy = "Rolling"
#
#       preferences {
#         min_healthy_percentage = 90
#         auto_rollback          = true
#       }
#     }
#     ```
#   frameworks: {nist_800_53: ["SI-14"]}
#   aliases: []
package rules.infrastructure.new_versions_not_rolled_out

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.machine.new_versions_roll_out
	setting.value != true
	not input.lifecycle.create_before_destroy
	msg := concat("", [input.address, " keeps its old machines when their template changes"])
}
