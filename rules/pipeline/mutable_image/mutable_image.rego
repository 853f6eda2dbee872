# METADATA
# title: Jobs run in images with a version
# description: >-
#   A job that runs in latest runs something else tomorrow: a build that cannot be repeated, and a place where a bad
#   image gets at the pipeline's secrets the moment it is pushed.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: medium
#   applies_to: [pipeline]
#   owner: development
#   remediation: |
#     Name the version, better with its digest:
#     ```yaml
#     image: golang:1.26.1@sha256:…
#     ```
#   frameworks: {nist_800_190: ["4.1.5"], nist_800_53: [SR-3]}
#   aliases: []
#   params:
#     mutable_tags:
#       type: array
#       items: {type: string}
#       default: [latest, stable, edge, main, master, mainline, dev, develop, nightly, canary, lts, current, rolling]
#       description: tags that name no version
package rules.pipeline.mutable_image

deny contains {"msg": msg, "at": used.at} if {
	some job in input.jobs
	some used in job.images
	_tag(used.image) in input.params["pipeline.mutable_image"].mutable_tags
	msg := concat("", ["job ", job.name, " runs in ", used.image.text, ", by the moving tag ", _tag(used.image)])
}

_tag(image) := image.tag if image.by == "tag"

_tag(image) := "latest" if image.by == "none"
