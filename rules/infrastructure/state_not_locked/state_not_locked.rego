# METADATA
# title: Two runs cannot write the state at once
# description: >-
#   Two pipelines, or a pipeline and somebody in a hurry: whoever writes last wins, and what the other one built is in no state
#   any more. Nobody finds it until the bill comes.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Ask for it:
#     ```hcl
#     backend "s3" {
#       use_lockfile = true
#     }
#     ```
#   frameworks: {nist_800_53: ["CM-3"]}
#   aliases: []
package rules.infrastructure.state_not_locked

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.folder.backend.locked
	setting.value != true
	msg := "two runs may write the state at once"
}
