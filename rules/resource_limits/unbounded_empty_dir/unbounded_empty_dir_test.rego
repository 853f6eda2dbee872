package rules.resource_limits.unbounded_empty_dir_test

import data.rules.resource_limits.unbounded_empty_dir
import data.testing.workload

_volume(source) := {"name": "cache", "type": "emptyDir", "source": source}

_input(volume, limits) := object.union(
	workload.deployment([{"op": "replace", "path": "/resources/limits", "value": limits}]),
	{"pod": {"at": "spec.template.spec", "volumes": [volume]}},
)

_none := {"memory": null, "ephemeral_storage": null}

_some := {"text": "1Gi", "value": 1073741824}

_denied := {{"msg": "volume cache is an emptyDir without a size limit", "at": "spec.template.spec.volumes[cache]"}}

test_volume_without_size_is_denied if {
	found := unbounded_empty_dir.deny with input as _input(_volume({}), object.union(_none, {"memory": _some}))
	found == _denied
}

test_volume_in_memory_is_denied if {
	found := unbounded_empty_dir.deny with input as _input(_volume({"medium": "Memory"}), object.union(_none, {"ephemeral_storage": _some}))
	found == _denied
}

test_volume_with_size_passes if {
	found := unbounded_empty_dir.deny with input as _input(_volume({"sizeLimit": "1Gi"}), _none)
	found == set()
}

test_volume_of_containers_with_storage_limits_passes if {
	found := unbounded_empty_dir.deny with input as _input(_volume({}), object.union(_none, {"ephemeral_storage": _some}))
	found == set()
}

test_volume_in_memory_of_containers_with_memory_limits_passes if {
	found := unbounded_empty_dir.deny with input as _input(_volume({"medium": "Memory"}), object.union(_none, {"memory": _some}))
	found == set()
}

test_other_volume_passes if {
	found := unbounded_empty_dir.deny with input as _input({"name": "cache", "type": "configMap", "source": {}}, _none)
	found == set()
}
