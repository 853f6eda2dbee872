# METADATA
# title: It is written down who talks to whom
# description: >-
#   After an intrusion the first question is what the machine talked to. The machine itself may be gone, replaced as it should be;
#   flow logs are the only witness that stays.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: low
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Write it down (AWS; a `log_config` block on Google Cloud):
#     ```hcl
#     resource "aws_flow_log" "main" {
#       vpc_id               = aws_vpc.main.id
#       traffic_type         = "ALL"
#       log_destination_type = "s3"
#       log_destination      = aws_s3_bucket.flow_logs.arn
#     }
#     ```
#   frameworks: {nist_800_53: ["AU-12", "SI-4"]}
#   aliases: [CKV2_AWS_11, CKV_GCP_26, AVD-AWS-0178, AVD-GCP-0029, AVD-GCP-0076]
package rules.immutable_network.missing_flow_logs

deny contains {"msg": msg, "at": "vpc_id"} if {
	input.type == "aws_vpc"
	input.used_by != null
	not _is_logged
	msg := concat("", [input.address, " has no flow log in this folder"])
}

deny contains {"msg": msg, "at": "log_config"} if {
	input.block == "resource"
	input.type == "google_compute_subnetwork"
	object.get(input.attributes, "purpose", "PRIVATE") == "PRIVATE"
	object.get(input.attributes, "log_config", []) in {[], null}
	msg := concat("", [input.address, " has no flow log"])
}

_is_logged if {
	some user in input.used_by
	user in {"aws_flow_log", "module"}
}
