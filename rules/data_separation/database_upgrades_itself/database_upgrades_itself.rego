# METADATA
# title: Database versions change by a change of the code
# description: >-
#   With automatic minor upgrades the engine that runs is another one than the code names and the tests met, from some night on
#   that the cloud chooses. Where nobody raises the version by hand in time, the automatic way is the better one: then accept
#   this.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: info
#   applies_to: [terraform]
#   owner: sre
#   remediation: |
#     Name the version, and raise it in the code:
#     ```hcl
#     engine_version             = "16.4"
#     auto_minor_version_upgrade = false
#     ```
#   frameworks: {nist_800_53: ["CM-3"]}
#   aliases: []
package rules.data_separation.database_upgrades_itself

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.database.upgrades_itself
	setting.value != false
	msg := concat("", [input.address, " gets new versions of its engine in place"])
}
