# METADATA
# title: The versions of providers are locked
# description: >-
#   Without a lock file each machine that runs `terraform init` takes the newest providers that fit, unchecked: yesterday's plan
#   and today's apply may come from different programs.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: low
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Make it, and keep it in the repository:
#     ```hcl
#     # in a shell: terraform init && git add .terraform.lock.hcl
#     ```
#   frameworks: {nist_800_53: ["CM-2", "SR-3"]}
#   aliases: []
package rules.infrastructure.missing_lock_file

deny contains {"msg": msg, "at": "required_providers"} if {
	input.folder.is_root
	not input.folder.has_lock_file
	count(input.providers) > 0
	msg := "the folder has no .terraform.lock.hcl"
}
