package rules.dockerfile.build_tools_shipped_test

import data.rules.dockerfile.build_tools_shipped
import data.testing.dockerfile

_run(name, changes, final) := {
	"stages": [dockerfile.stage([
		{"op": "replace", "path": "/final", "value": final},
		{"op": "replace", "path": "/runs", "value": [dockerfile.run(object.union({"packages": [{"name": name}]}, changes))]},
	])],
	"params": {"dockerfile.build_tools_shipped": {"packages": ["gcc", "*-dev"]}},
}

test_build_tool_is_denied if {
	found := build_tools_shipped.deny with input as _run("libpq-dev", {}, true)
	found == {{"msg": "stage final ships build tools: libpq-dev", "at": "stages[final].runs[apk add curl]"}}
}

test_build_tool_by_its_whole_name_is_denied if {
	found := build_tools_shipped.deny with input as _run("gcc", {}, true)
	found == {{"msg": "stage final ships build tools: gcc", "at": "stages[final].runs[apk add curl]"}}
}

test_other_package_passes if {
	found := build_tools_shipped.deny with input as _run("libpq5", {}, true)
	found == set()
}

test_tool_that_is_removed_passes if {
	found := build_tools_shipped.deny with input as _run("gcc", {"removed": true}, true)
	found == set()
}

test_stage_that_is_not_the_last_passes if {
	found := build_tools_shipped.deny with input as _run("gcc", {}, false)
	found == set()
}

test_package_without_a_name_passes if {
	found := build_tools_shipped.deny with input as _run(null, {}, true)
	found == set()
}

test_tool_by_its_whole_name_is_denied if {
	found := build_tools_shipped.deny with input as _run("gcc", {}, true)
	found == {{"msg": "stage final ships build tools: gcc", "at": "stages[final].runs[apk add curl]"}}
}
