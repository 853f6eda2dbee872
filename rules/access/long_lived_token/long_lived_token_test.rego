package rules.access.long_lived_token_test

import data.rules.access.long_lived_token

_secret(type, annotations) := {"kind": "Secret", "annotations": annotations, "type": type}

test_token_is_denied if {
	found := long_lived_token.deny with input as _secret("kubernetes.io/service-account-token", {"kubernetes.io/service-account.name": "web"})
	found == {{"msg": "holds a token of a service account (web) that never expires", "at": "type"}}
}

test_token_of_nobody_is_denied if {
	found := long_lived_token.deny with input as _secret("kubernetes.io/service-account-token", {})
	found == {{"msg": "holds a token of a service account (not named) that never expires", "at": "type"}}
}

test_other_secret_passes if {
	found := long_lived_token.deny with input as _secret("Opaque", {})
	found == set()
}

test_other_kind_passes if {
	found := long_lived_token.deny with input as object.union(_secret("kubernetes.io/service-account-token", {}), {"kind": "ConfigMap"})
	found == set()
}
