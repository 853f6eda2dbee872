# METADATA
# title: Databases are backed up, and the backups kept long enough
# description: >-
#   Damage to data is often seen days after it was done. Without a backup from before, what was deleted or overwritten is lost for
#   good, and no new machine brings it back.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: sre
#   remediation: |
#     Keep backups for a week or more (AWS; a `backup_configuration` block on Google Cloud):
#     ```hcl
#     backup_retention_period = 7
#     ```
#   frameworks: {nist_800_53: ["CP-9"]}
#   aliases: [CKV_AWS_133, CKV_AWS_360, CKV_AWS_361, CKV_GCP_14, AVD-AWS-0077, AVD-GCP-0024]
#   params:
#     days:
#       type: integer
#       default: 7
#       description: days (on Google Cloud daily backups) that are to be kept
package rules.data_separation.database_backup_too_short

deny contains {"msg": msg, "at": backup.at} if {
	backup := input.database.backup_days
	_is_too_short(backup.value)
	not input.database.is_replica
	msg := concat("", [input.address, " keeps its backups for ", _days(backup.value)])
}

_is_too_short(null)

_is_too_short(days) if days < input.params["data_separation.database_backup_too_short"].days

_days(null) := "a time that is not known"

_days(1) := "1 day"

_days(days) := concat(" ", [format_int(days, 10), "days"]) if days != 1
