package rules.dockerfile.copies_everything_test

import data.rules.dockerfile.copies_everything
import data.testing.dockerfile

_stage(changes, shipped) := {"stages": [dockerfile.stage([
	{"op": "replace", "path": "/shipped", "value": shipped},
	{"op": "replace", "path": "/copies", "value": [object.union(_copy, changes)]},
])]}

_copy := {
	"instruction": "COPY",
	"sources": [{"text": ".", "kind": "local", "archive": false, "everything": true}],
	"destination": "/app",
	"from": null,
	"excludes": [],
	"at": "stages[final].copies[. /app]",
}

test_whole_context_is_denied if {
	found := copies_everything.deny with input as _stage({}, true)
	found == {{"msg": "stage final copies the whole build context to /app", "at": "stages[final].copies[. /app]"}}
}

test_named_files_pass if {
	found := copies_everything.deny with input as _stage({"sources": [{"text": "src/", "everything": false}]}, true)
	found == set()
}

test_whole_of_another_stage_passes if {
	found := copies_everything.deny with input as _stage({"from": {"kind": "stage"}}, true)
	found == set()
}

test_excludes_pass if {
	found := copies_everything.deny with input as _stage({"excludes": [".git"]}, true)
	found == set()
}

test_stage_that_is_not_shipped_passes if {
	found := copies_everything.deny with input as _stage({}, false)
	found == set()
}
