# METADATA
# title: Claims name their storage class
# description: >-
#   Without a class a claim takes the cluster's default, which is another one in the next cluster, may change, or may
#   not be there: the volume is slow, not encrypted or never made. A claim that names its volume needs none.
# schemas:
#   - input: schema.volume_claim
# custom:
#   severity: info
#   applies_to: [volume_claim, workload]
#   owner: operations
#   remediation: |
#     Name the class, or "" for none:
#     ```yaml
#     spec:
#       storageClassName: encrypted
#     ```
#   frameworks: {nist_800_53: ["CM-6"]}
#   aliases: []
package rules.data_separation.claim_without_storage_class

deny contains {"msg": msg, "at": claim.at} if {
	some claim in input.claims
	claim.storage_class == null
	not claim.names_volume
	msg := concat("", ["a claim of ", input.name, " names no storage class"])
}
