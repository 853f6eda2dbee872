package rules.infrastructure.plaintext_secret_test

import data.rules.infrastructure.plaintext_secret
import data.testing.terraform

_with(secrets) := object.union(terraform.resource("aws_db_instance", {}), {"secrets": secrets})

test_each_secret_is_denied if {
	found := plaintext_secret.deny with input as _with(["password", "tags.token"])
	found == {
		{"msg": "aws_db_instance.main has a secret written out in password", "at": "password"},
		{"msg": "aws_db_instance.main has a secret written out in tags.token", "at": "tags.token"},
	}
}

test_no_secret_passes if {
	found := plaintext_secret.deny with input as _with([])
	found == set()
}
