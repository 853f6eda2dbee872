# METADATA
# title: Storage classes encrypt their volumes
# description: >-
#   Disks are handed back, copied and snapshotted. Without encryption each copy can be read by whoever gets hold of it,
#   and it cannot be turned on later. Judged where a class of AWS EBS switches it off; where it says nothing, the
#   account's default holds.
# schemas:
#   - input: schema.storage_class
# custom:
#   severity: medium
#   applies_to: [storage_class]
#   owner: security
#   remediation: |
#     Turn it on; volumes that exist have to be restored from a snapshot:
#     ```yaml
#     parameters:
#       encrypted: "true"
#     ```
#   frameworks: {nist_800_53: ["SC-28"]}
#   aliases: []
package rules.data_separation.storage_class_not_encrypted

deny contains {"msg": msg, "at": "parameters.encrypted"} if {
	input.provisioner in {"ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs"}
	lower(input.parameters.encrypted) == "false"
	msg := concat("", ["storage class ", input.name, " stores its data without encryption"])
}
