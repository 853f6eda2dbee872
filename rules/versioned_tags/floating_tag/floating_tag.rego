# METADATA
# title: Images carry a version, not a moving tag
# description: >-
#   A tag such as latest names whatever was pushed last: two Pods of one Deployment can run different code, a rollback rolls back
#   nothing, and nobody can say what is in production.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Name the version, better with its digest:
#     ```yaml
#     image: registry.example.com/web:v1.2.0@sha256:…
#     ```
#   frameworks: {nist_800_190: ["4.2.2"]}
#   aliases: [CKV_K8S_14, KSV-0013, latest-tag, container-image-tag, tagNotSpecified]
#   params:
#     mutable_tags:
#       type: array
#       items: {type: string}
#       default: [latest, stable, edge, main, master, dev, develop, nightly, canary, test, staging, prod, production]
#       description: tags that name no version
package rules.versioned_tags.floating_tag

deny contains {"msg": msg, "at": at} if {
	some container in input.containers
	container.image.valid
	container.image.digest == null
	_tag(container.image) in input.params["versioned_tags.floating_tag"].mutable_tags
	at := concat("", [container.at, ".image"])
	msg := concat("", ["container ", container.name, " runs the moving tag ", _tag(container.image), " (", container.image.text, ")"])
}

_tag(image) := image.tag if image.tag != null

_tag(image) := "latest" if image.tag == null
