# METADATA
# title: Base images carry a version, not a moving tag
# description: >-
#   A tag such as latest names whatever was pushed last: the same Dockerfile builds another image tomorrow, and nobody can say
#   what the one in production was built on. The images that COPY and RUN take files from count too.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: high
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Name the version, better with its digest:
#     ```dockerfile
#     FROM alpine:3.20@sha256:…
#     ```
#   frameworks: {nist_800_190: ["4.1.5"], nsa_cisa: [secure-images], nist_800_53: [CM-2, SR-3]}
#   aliases: [DL3006, DL3007, CKV_DOCKER_7, DS001, DS-0001, AVD-DS-0001]
#   params:
#     mutable_tags:
#       type: array
#       items: {type: string}
#       default: [latest, stable, edge, main, master, mainline, dev, develop, nightly, canary, lts, current, rolling]
#       description: tags that name no version
package rules.dockerfile.base_floating_tag

deny contains {"msg": msg, "at": used.at} if {
	some used in input.images
	used.image.digest == null
	_tag(used.image) in input.params["dockerfile.base_floating_tag"].mutable_tags
	msg := concat("", ["stage ", used.stage, " uses ", used.image.text, " by the moving tag ", _tag(used.image)])
}

_tag(image) := image.tag if image.tag != null

_tag(image) := "latest" if image.tag == null
