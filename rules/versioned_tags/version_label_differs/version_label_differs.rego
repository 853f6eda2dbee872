# METADATA
# title: The version label says what runs
# description: >-
#   Dashboards, service meshes and people at night read the version label; one that differs from the image's tag sends them after the
#   wrong release.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Give label and tag the same version:
#     ```yaml
#     labels: {app.kubernetes.io/version: v1.2.0}
#     image: registry.example.com/web:v1.2.0
#     ```
#   frameworks: {}
#   aliases: []
package rules.versioned_tags.version_label_differs

deny contains {"msg": msg, "at": at} if {
	some label in ["version", "app.kubernetes.io/version"]
	labelled := input.pod.labels[label]
	tags := {container.image.tag | some container in input.containers; container.kind == "main"; container.image.tag != null}
	count(tags) > 0
	not _bare(labelled) in {_bare(tag) | some tag in tags}
	at := concat("", [input.pod.metadata_at, ".labels[", label, "]"])
	msg := concat("", ["label ", label, " says ", labelled, ", the image says ", concat(", ", sort(tags))])
}

_bare(version) := trim_prefix(version, "v")
