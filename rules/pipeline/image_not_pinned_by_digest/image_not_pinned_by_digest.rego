# METADATA
# title: Jobs run in images that a digest names
# description: >-
#   A version tag can be pushed again. The digest is the image itself: the job runs in what was reviewed, today and in
#   a year.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: info
#   applies_to: [pipeline]
#   owner: development
#   remediation: |
#     Add the digest to the tag, and let a bot keep both current:
#     ```yaml
#     image: golang:1.26.1@sha256:…
#     ```
#   frameworks: {nist_800_53: [SR-3]}
#   aliases: [unpinned-images]
package rules.pipeline.image_not_pinned_by_digest

deny contains {"msg": msg, "at": used.at} if {
	some job in input.jobs
	some used in job.images
	used.image.by == "tag"
	msg := concat("", ["job ", job.name, " runs in ", used.image.text, ", which no digest pins"])
}
