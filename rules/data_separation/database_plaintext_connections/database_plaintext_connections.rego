# METADATA
# title: Databases take encrypted connections only
# description: >-
#   What goes to a database and comes back from it is what is worth stealing, the password included. Where plain text is allowed,
#   some client uses it, and nobody notices.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Refuse plain text:
#     ```hcl
#     # Google Cloud
#     ip_configuration {
#       ssl_mode = "ENCRYPTED_ONLY"
#     }
#
#     # ElastiCache
#     transit_encryption_enabled = true
#     ```
#   frameworks: {nist_800_53: ["SC-8"]}
#   aliases: [CKV_AWS_30, CKV_GCP_6, CKV_AZURE_91, AVD-AWS-0051, AVD-GCP-0015]
package rules.data_separation.database_plaintext_connections

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.database.encrypted_connections
	setting.value != true
	msg := concat("", [input.address, " takes connections in plain text"])
}
