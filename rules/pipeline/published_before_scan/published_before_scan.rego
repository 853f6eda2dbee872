# METADATA
# title: Images are published after their scan, not before
# description: >-
#   What is in the registry can be deployed: a scan that comes later, or beside it, finds the hole when the image is
#   already running. A pipeline that publishes a candidate for the scanner, and publishes or signs it once it has
#   passed, is fine.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: low
#   applies_to: [pipeline]
#   owner: development
#   remediation: |
#     Scan what was built, then push it:
#     ```yaml
#     stages: [build, scan, publish]
#     ```
#     Or push to a place that nothing deploys from, scan, and copy by digest: `crane copy candidate/web@sha256:… release/web:v1.2.0`.
#   frameworks: {nist_800_190: ["4.1.1"], nist_800_53: [RA-5]}
#   aliases: []
package rules.pipeline.published_before_scan

deny contains {"msg": msg, "at": act.at} if {
	some act in input.jobs[_].steps[_].acts
	act.kind == "publish"
	act.order.scan in {"after", "beside"}
	not act.promoted
	not act.copied
	msg := concat("", ["job ", act.job, " publishes an image without waiting for the vulnerability scan"])
}
