# METADATA
# title: Images are pinned by digest
# description: >-
#   Even a version tag can be pushed again; only a digest names bytes. With it, what was scanned and signed is what runs.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Add the digest that the registry shows for the tag:
#     ```yaml
#     image: registry.example.com/web:v1.2.0@sha256:…
#     ```
#   frameworks: {nist_800_190: ["4.2.2"]}
#   aliases: [C-0306, CKV_K8S_43, K8sImageDigests]
package rules.versioned_tags.not_pinned_by_digest

deny contains {"msg": msg, "at": at} if {
	some container in input.containers
	container.image.valid
	container.image.digest == null
	at := concat("", [container.at, ".image"])
	msg := concat("", ["container ", container.name, " runs ", container.image.text, " without a digest"])
}
