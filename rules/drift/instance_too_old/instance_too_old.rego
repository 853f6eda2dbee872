# METADATA
# title: Pods are replaced regularly
# description: >-
#   The longer an instance lives, the more has happened to it, and the less anybody knows that it can be replaced.
#   Short-lived instances also give an intruder little time.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: low
#   applies_to: [live_object]
#   owner: operations
#   remediation: |
#     Deploy more often, or restart on a schedule:
#     ```sh
#     kubectl --namespace shop rollout restart deployment/web
#     ```
#   frameworks: {nist_800_53: ["SI-14"]}
#   aliases: []
#   params:
#     max_age_days:
#       type: integer
#       minimum: 0
#       default: 30
#       description: how many days a Pod may run
package rules.drift.instance_too_old

deny contains {"msg": msg, "at": "pods"} if {
	oldest := input.workload.pods.oldest
	oldest.age_days > input.params["drift.instance_too_old"].max_age_days
	msg := concat("", ["Pod ", oldest.name, " has been running for ", format_int(oldest.age_days, 10), " days"])
}
