package rules.infrastructure.secret_in_start_script_test

import data.rules.infrastructure.secret_in_start_script
import data.testing.terraform

test_secret_is_denied if {
	secret := {"at": "user_data", "what": "DB_PASSWORD"}
	instance := object.union(terraform.resource("aws_instance", {}), {"machine": {"script_secrets": [secret]}})
	found := secret_in_start_script.deny with input as instance
	found == {{"msg": "aws_instance.main has DB_PASSWORD written out in its start script", "at": "user_data"}}
}

test_script_without_secrets_passes if {
	found := secret_in_start_script.deny with input as terraform.machine("public_address", true)
	found == set()
}

test_what_has_no_script_passes if {
	found := secret_in_start_script.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
