# METADATA
# title: Nothing is deployed by a moving tag
# description: >-
#   Deploying latest again changes nothing in the manifest, so Kubernetes rolls out nothing; a node that fails brings
#   another version than its neighbours run; and a rollback goes back to the same word.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: medium
#   applies_to: [pipeline]
#   owner: operations
#   remediation: |
#     Deploy the version that this pipeline built, by digest:
#     ```yaml
#     - kubectl set image deployment/web web=registry.example.com/web@${DIGEST}
#     ```
#   frameworks: {nist_800_53: [CM-3], nist_800_190: ["4.2.2"]}
#   aliases: []
#   params:
#     mutable_tags:
#       type: array
#       items: {type: string}
#       default: [latest, stable, edge, main, master, mainline, dev, develop, nightly, canary, lts, current, rolling]
#       description: tags that name no version
package rules.pipeline.deploys_moving_tag

deny contains {"msg": msg, "at": act.at} if {
	some act in input.jobs[_].steps[_].acts
	act.kind in {"deploy", "set_image"}
	_tag(act.image) in input.params["pipeline.deploys_moving_tag"].mutable_tags
	msg := concat("", ["job ", act.job, " deploys ", act.image.text, " by the moving tag ", _tag(act.image)])
}

_tag(image) := image.tag if image.by == "tag"

_tag(image) := "latest" if image.by == "none"
