# METADATA
# title: Start scripts hold no secrets
# description: >-
#   A start script can be read by every program on the machine, through the metadata service, and by everybody who may describe
#   instances. It also stands in the state, and in every version of the launch template.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: high
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Change the secret, because it is known now. Then let the script fetch it:
#     ```hcl
#     # the script fetches it, with the rights of the machine's own role
#     user_data = <<-EOT
#       #!/bin/sh
#       DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id shop/db --query SecretString --output text)
#     EOT
#     ```
#   frameworks: {pci_dss_4: ["8.6.2"], nist_800_53: ["IA-5(7)"]}
#   aliases: [CKV_AWS_46, CKV_AZURE_45, AVD-AWS-0029, AVD-AWS-0129, AVD-AZU-0037]
package rules.infrastructure.secret_in_start_script

deny contains {"msg": msg, "at": secret.at} if {
	some secret in input.machine.script_secrets
	msg := concat("", [input.address, " has ", secret.what, " written out in its start script"])
}
