package rules.secrets.plain_manifest_test

import data.rules.secrets.plain_manifest
import data.testing.configuration

_judged(change) := configuration.secret(object.union(
	{"keys": [configuration.key({"key": "password", "at": "data[password]", "secret": "a secret in clear text"})]},
	change,
))

_denied := {{
	"msg": "secret db-v1 is kept in a file as it is: password",
	"at": "kind",
}}

test_secret_in_a_file_is_denied if {
	found := plain_manifest.deny with input as _judged({})
	found == _denied
}

test_manifest_of_an_overlay_is_denied if {
	found := plain_manifest.deny with input as _judged({"rendered_by": "Kustomize folder prod"})
	found == _denied
}

test_secret_that_kustomize_generates_passes if {
	generated := {"rendered_by": "Kustomize folder prod", "versioned_name": "hash"}
	found := plain_manifest.deny with input as _judged(generated)
	found == set()
}

test_secret_that_a_chart_renders_passes if {
	found := plain_manifest.deny with input as _judged({"rendered_by": "Helm chart web"})
	found == set()
}

test_saved_output_of_helm_passes if {
	found := plain_manifest.deny with input as _judged({"labels": {"app.kubernetes.io/managed-by": "Helm"}})
	found == set()
}

test_secret_of_a_cluster_passes if {
	found := plain_manifest.deny with input as _judged({"inventory": "complete"})
	found == set()
}

test_encrypted_secret_passes if {
	found := plain_manifest.deny with input as _judged({"encrypted": true})
	found == set()
}

test_token_that_the_cluster_fills_in_passes if {
	found := plain_manifest.deny with input as _judged({"type": "kubernetes.io/service-account-token"})
	found == set()
}

test_placeholder_passes if {
	found := plain_manifest.deny with input as _judged({"keys": [configuration.key({})]})
	found == set()
}

test_config_map_is_left_to_its_own_rule if {
	found := plain_manifest.deny with input as _judged({"kind": "ConfigMap"})
	found == set()
}
