# METADATA
# title: A workload runs one version of each image
# description: >-
#   Two versions of one image side by side in a Pod are nearly always an update that was made half; they disagree about formats and flags.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Give all containers of the image the same tag:
#     ```yaml
#     initContainers:
#       - {name: migrate, image: registry.example.com/web:v1.2.0}
#     containers:
#       - {name: web, image: registry.example.com/web:v1.2.0}
#     ```
#   frameworks: {}
#   aliases: []
package rules.versioned_tags.mixed_versions

deny contains {"msg": msg, "at": at} if {
	some container in input.containers
	some other in input.containers
	other.image.name == container.image.name
	_version(other.image.tag) < _version(container.image.tag)
	at := concat("", [container.at, ".image"])
	msg := concat("", ["container ", container.name, " runs ", container.image.tag, " of ", container.image.name, ", container ", other.name, " runs ", other.image.tag])
}

# Tags such as 1.2-alpine and 1.2-debug are variants of one version; web-1.2 and worker-1.2 are two images.
_version(tag) := split(tag, "-")[0] if regex.match(`^v?[0-9]`, tag)
