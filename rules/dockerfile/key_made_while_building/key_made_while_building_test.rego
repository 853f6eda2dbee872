package rules.dockerfile.key_made_while_building_test

import data.rules.dockerfile.key_made_while_building
import data.testing.dockerfile

_file(words, shipped) := {"stages": [json.patch(
	dockerfile.runs({"words": words}).stages[0],
	[{"op": "replace", "path": "/shipped", "value": shipped}],
)]}

_denied(program) := {{
	"msg": concat("", ["stage final makes a private key that every copy of the image shares: ", program]),
	"at": "stages[final].runs[do]",
}}

test_host_keys_are_denied if {
	found := key_made_while_building.deny with input as _file(["ssh-keygen", "-A"], true)
	found == _denied("ssh-keygen")
}

test_key_is_denied if {
	found := key_made_while_building.deny with input as _file(["openssl", "genrsa", "2048"], true)
	found == _denied("openssl")
}

test_self_signed_certificate_is_denied if {
	found := key_made_while_building.deny with input as _file(["openssl", "req", "-x509"], true)
	found == _denied("openssl")
}

test_key_store_is_denied if {
	found := key_made_while_building.deny with input as _file(["keytool", "-genkeypair"], true)
	found == _denied("keytool")
}

test_search_of_a_host_passes if {
	found := key_made_while_building.deny with input as _file(["ssh-keygen", "-t", "rsa", "-F", "example.com"], true)
	found == set()
}

test_version_passes if {
	found := key_made_while_building.deny with input as _file(["ssh-keygen", "-V"], true)
	found == set()
}

test_digest_passes if {
	found := key_made_while_building.deny with input as _file(["openssl", "dgst", "-sha256"], true)
	found == set()
}

test_request_for_an_existing_key_passes if {
	found := key_made_while_building.deny with input as _file(["openssl", "req", "-new"], true)
	found == set()
}

test_import_into_a_key_store_passes if {
	found := key_made_while_building.deny with input as _file(["keytool", "-importcert"], true)
	found == set()
}

test_stage_that_is_not_shipped_passes if {
	found := key_made_while_building.deny with input as _file(["ssh-keygen", "-A"], false)
	found == set()
}
