package rules.pipeline.moving_include_test

import data.rules.pipeline.moving_include
import data.testing.pipeline

_file(ref, moving) := pipeline.file({"includes": [{
	"kind": "project",
	"text": "platform/ci",
	"ref": ref,
	"moving": moving,
	"at": "includes[platform/ci]",
}]})

_denied(what) := {{
	"msg": concat("", ["project platform/ci is included by ", what, ", which moves"]),
	"at": "includes[platform/ci]",
}}

test_branch_is_denied if {
	found := moving_include.deny with input as _file("main", true)
	found == _denied("the reference main")
}

test_no_reference_is_denied if {
	found := moving_include.deny with input as _file(null, true)
	found == _denied("its default branch")
}

test_commit_passes if {
	found := moving_include.deny with input as _file("8f4b7f8", false)
	found == set()
}

test_unknown_reference_passes if {
	found := moving_include.deny with input as _file("$REF", null)
	found == set()
}
