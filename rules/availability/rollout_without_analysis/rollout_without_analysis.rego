# METADATA
# title: Metrics or a person decide over a progressive rollout
# description: >-
#   A canary that goes on by the clock alone, or a blue-green switch by itself, takes a broken version to everybody, only
#   more slowly.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: sre
#   remediation: |
#     Let an analysis decide, or pause without a duration until somebody promotes it:
#     ```yaml
#     canary:
#       steps:
#         - setWeight: 20
#         - analysis:
#             templates: [{templateName: success-rate}]
#     ```
#   frameworks: {nist_800_53: [CM-3]}
#   aliases: []
package rules.availability.rollout_without_analysis

deny contains {"msg": "neither metrics nor a person decide whether the rollout goes on", "at": input.rollout.at} if {
	input.kind == "Rollout"
	input.rollout.analysed == false
}
