# METADATA
# title: Databases have no public endpoint
# description: >-
#   An endpoint on the internet is guarded by firewall rules alone, which somebody will open "for a moment". In a private network
#   there is nothing to open.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Turn it off, and connect privately:
#     ```hcl
#     # Azure
#     public_network_access_enabled = false
#
#     # Google Cloud
#     ip_configuration {
#       ipv4_enabled    = false
#       private_network = google_compute_network.main.id
#     }
#     ```
#   frameworks: {nist_800_53: ["SC-7"]}
#   aliases: [CKV_AZURE_113, CKV_AZURE_101, CKV_AZURE_89, CKV_GCP_60, AVD-AZU-0022]
package rules.data_separation.database_public_endpoint

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.database.public_endpoint
	setting.value != false
	msg := concat("", [input.address, " has an endpoint on the internet"])
}
