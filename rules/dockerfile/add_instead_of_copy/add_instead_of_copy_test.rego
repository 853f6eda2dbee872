package rules.dockerfile.add_instead_of_copy_test

import data.rules.dockerfile.add_instead_of_copy
import data.testing.dockerfile

_stage(instruction, source, flags) := {"stages": [dockerfile.stage([{"op": "replace", "path": "/copies", "value": [{
	"instruction": instruction,
	"sources": [object.union({"text": "app", "kind": "local", "archive": false, "everything": false}, source)],
	"flags": flags,
	"at": "stages[final].copies[app /opt]",
}]}])]}

_remote := {"text": "https://example.com/app", "kind": "remote"}

test_file_is_denied if {
	found := add_instead_of_copy.deny with input as _stage("ADD", {}, {})
	found == {{"msg": "stage final takes app with ADD where COPY would do", "at": "stages[final].copies[app /opt]"}}
}

test_copied_file_passes if {
	found := add_instead_of_copy.deny with input as _stage("COPY", {}, {})
	found == set()
}

test_archive_passes if {
	found := add_instead_of_copy.deny with input as _stage("ADD", {"archive": true}, {})
	found == set()
}

test_source_that_a_variable_hides_passes if {
	found := add_instead_of_copy.deny with input as _stage("ADD", {"archive": null, "kind": "unknown"}, {})
	found == set()
}

test_fetched_file_without_checksum_is_denied if {
	found := add_instead_of_copy.deny with input as _stage("ADD", _remote, {})
	found == {{
		"msg": "stage final fetches https://example.com/app without a checksum",
		"at": "stages[final].copies[app /opt]",
	}}
}

test_fetched_file_with_checksum_passes if {
	found := add_instead_of_copy.deny with input as _stage("ADD", _remote, {"checksum": "sha256:6d0c"})
	found == set()
}

test_url_in_a_copy_passes if {
	found := add_instead_of_copy.deny with input as _stage("COPY", _remote, {})
	found == set()
}

test_full_commit_passes if {
	url := "https://github.com/acme/app.git#4b825dc642cb6eb9a060e54bf8d69288fbee4904:src"
	found := add_instead_of_copy.deny with input as _stage("ADD", object.union(_remote, {"text": url}), {})
	found == set()
}

test_branch_is_denied if {
	url := "https://github.com/acme/app.git#main"
	found := add_instead_of_copy.deny with input as _stage("ADD", object.union(_remote, {"text": url}), {})
	found == {{
		"msg": "stage final fetches https://github.com/acme/app.git#main without a checksum",
		"at": "stages[final].copies[app /opt]",
	}}
}
