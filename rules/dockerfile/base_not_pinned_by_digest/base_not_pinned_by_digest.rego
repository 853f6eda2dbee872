# METADATA
# title: Base images are pinned by digest
# description: >-
#   Even a version tag can be pushed again, by its owner or by whoever took over the account. Only a digest names bytes, so only
#   with it does the same Dockerfile build on the same base.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Add the digest, and let a bot such as Renovate or Dependabot raise it:
#     ```dockerfile
#     FROM alpine:3.20@sha256:…
#     ```
#   frameworks: {nist_800_190: ["4.1.5"], nsa_cisa: [secure-images], nist_800_53: [CM-2, SR-3]}
#   aliases: []
package rules.dockerfile.base_not_pinned_by_digest

deny contains {"msg": msg, "at": used.at} if {
	some used in input.images
	used.image.digest == null
	msg := concat("", ["stage ", used.stage, " uses ", used.image.text, " without a digest"])
}
