package rules.configuration.unparsable_test

import data.rules.configuration.unparsable
import data.testing.configuration

_broken(error) := configuration.config_map({"keys": [configuration.key({"error": error})]})

test_broken_file_is_denied_with_its_line if {
	found := unparsable.deny with input as _broken({"message": "is no JSON: unexpected character", "line": 2})
	found == {{
		"msg": "app.properties of configmap app-v1 is no JSON: unexpected character (line 2 of it)",
		"at": "data[app.properties]",
	}}
}

test_broken_file_without_a_line_is_denied if {
	found := unparsable.deny with input as _broken({"message": "is empty, which is no JSON", "line": null})
	found == {{"msg": "app.properties of configmap app-v1 is empty, which is no JSON", "at": "data[app.properties]"}}
}

test_whole_file_passes if {
	found := unparsable.deny with input as _broken(null)
	found == set()
}
