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
	not _names_a_subset(label, labelled)
	tags := {container.image.tag | some container in input.containers; container.kind == "main"; container.image.tag != null}
	count(tags) > 0
	not _one_says(tags, labelled)
	at := concat("", [input.pod.metadata_at, ".labels[", label, "]"])
	msg := concat("", ["label ", label, " says ", labelled, ", the image says ", concat(", ", sort(tags))])
}

# Service meshes route by `version: v2`, which counts variants of a service, not its releases.
_names_a_subset("version", labelled) if regex.match(`^v[0-9]+$`, labelled)

_one_says(tags, labelled) if {
	some tag in tags
	_bare(tag) == _bare(labelled)
}

# 1.27.2-alpine is a build of 1.27.2, and 1.27 tells of it too; 1.27.2-rc.1 came before it.
_one_says(tags, labelled) if {
	some tag in tags
	startswith(_bare(tag), _bare(labelled))
	regex.match(`^(\.|[-_+][a-zA-Z])`, trim_prefix(_bare(tag), _bare(labelled)))
	not regex.match(`(?i)^[-_+.](rc|alpha|beta|pre|preview|dev|snapshot|nightly|m[0-9])`, trim_prefix(_bare(tag), _bare(labelled)))
}

_bare(version) := trim_prefix(version, "v")
