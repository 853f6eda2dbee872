# METADATA
# title: Scratch volumes have a size
# description: >-
#   An emptyDir lies on the node's disk, or in its memory, and grows until the node has none left, unless it has a size limit
#   or the container has a limit for ephemeral storage.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Give it a size:
#     ```yaml
#     volumes:
#       - name: cache
#         emptyDir: {sizeLimit: 1Gi}
#     ```
#   frameworks: {nsa_cisa: [resource-policies]}
#   aliases: []
package rules.resource_limits.unbounded_empty_dir

deny contains {"msg": msg, "at": at} if {
	some volume in input.pod.volumes
	volume.type == "emptyDir"
	object.get(volume.source, "sizeLimit", null) == null
	not _bounded(object.get(volume.source, "medium", ""))
	at := concat("", [input.pod.at, ".volumes[", volume.name, "]"])
	msg := concat("", ["volume ", volume.name, " is an emptyDir without a size limit"])
}

_bounded(medium) if _has_limit({"Memory": "memory"}[medium])

_bounded(medium) if {
	medium != "Memory"
	_has_limit("ephemeral_storage")
}

_has_limit(resource) if {
	every container in input.containers { container.resources.limits[resource] != null }
}
