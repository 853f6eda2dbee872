package rules.dockerfile.unknown_stage_test

import data.rules.dockerfile.unknown_stage
import data.testing.dockerfile

_params := {"params": {"dockerfile.unknown_stage": {"build_contexts": ["shared"]}}}

_copy(source) := object.union(_params, {"stages": [dockerfile.stage([{"op": "replace", "path": "/copies", "value": [{
	"from": source,
	"at": "stages[final].copies[--from=bulder /app /app]",
}]}])]})

_mount(source) := object.union(_params, {"stages": [dockerfile.stage([{
	"op": "replace", "path": "/runs",
	"value": [object.union(dockerfile.run({}), {"mounts": [{"type": "bind", "from": source}]})],
}])]})

_name := {"text": "bulder", "kind": "name", "stage": null, "image": null}

_context := object.union(_name, {"text": "shared"})

_stage := {"text": "bulder", "kind": "stage", "stage": "bulder", "image": null}

test_copy_from_an_unknown_name_is_denied if {
	found := unknown_stage.deny with input as _copy(_name)
	found == {{
		"msg": "stage final copies from bulder, which is no stage above it",
		"at": "stages[final].copies[--from=bulder /app /app]",
	}}
}

test_copy_from_a_stage_passes if {
	found := unknown_stage.deny with input as _copy(_stage)
	found == set()
}

test_copy_from_the_build_context_passes if {
	found := unknown_stage.deny with input as _copy(null)
	found == set()
}

test_copy_from_a_declared_context_passes if {
	found := unknown_stage.deny with input as _copy(_context)
	found == set()
}

test_mount_from_an_unknown_name_is_denied if {
	found := unknown_stage.deny with input as _mount(_name)
	found == {{
		"msg": "stage final mounts from bulder, which is no stage above it",
		"at": "stages[final].runs[apk add curl].mounts[bulder]",
	}}
}

test_mount_from_a_stage_passes if {
	found := unknown_stage.deny with input as _mount(_stage)
	found == set()
}
