package rules.configuration.empty_configuration_test

import data.rules.configuration.empty_configuration
import data.testing.configuration

test_empty_config_map_is_denied if {
	found := empty_configuration.deny with input as configuration.config_map({"keys": []})
	found == {{"msg": "config map app-v1 is empty, and stays so", "at": "data"}}
}

test_empty_file_is_denied if {
	found := empty_configuration.deny with input as configuration.config_map({"keys": [configuration.key({"empty": true})]})
	found == {{"msg": "file app.properties of config map app-v1 is empty", "at": "data[app.properties]"}}
}

test_empty_value_passes if {
	empty := configuration.key({"empty": true, "format": "text"})
	found := empty_configuration.deny with input as configuration.config_map({"keys": [empty]})
	found == set()
}

test_config_map_with_content_passes if {
	found := empty_configuration.deny with input as configuration.config_map({})
	found == set()
}

test_config_map_that_no_workload_reads_passes if {
	found := empty_configuration.deny with input as configuration.config_map({"keys": [], "used_by": []})
	found == set()
}

test_file_that_no_workload_reads_passes if {
	unread := {"keys": [configuration.key({"empty": true})], "used_by": []}
	found := empty_configuration.deny with input as configuration.config_map(unread)
	found == set()
}

test_config_map_that_may_be_filled_later_passes if {
	found := empty_configuration.deny with input as configuration.config_map({"keys": [], "immutable": false})
	found == set()
}

test_secret_passes if {
	found := empty_configuration.deny with input as configuration.secret({"keys": []})
	found == set()
}

test_file_of_a_secret_passes if {
	found := empty_configuration.deny with input as configuration.secret({"keys": [configuration.key({"empty": true})]})
	found == set()
}
