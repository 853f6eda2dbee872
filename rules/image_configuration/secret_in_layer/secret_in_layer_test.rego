package rules.image_configuration.secret_in_layer_test

import data.rules.image_configuration.secret_in_layer
import data.testing.image

_secret(deleted) := {"path": "/app/key", "at": "contents.secrets[/app/key]", "what": "a private key", "deleted": deleted, "layer": image.layer}

_facts(deleted, harmless) := object.union(
	image.facts({"/contents/secrets": [_secret(deleted)]}),
	{"params": {"image_configuration.secret_in_layer": {"harmless": harmless}}},
)

test_secret_is_denied if {
	found := secret_in_layer.deny with input as _facts(false, [])
	found == {{"msg": "/app/key is or holds a private key: layer 2 (COPY . /)", "at": "contents.secrets[/app/key]"}}
}

test_secret_that_is_only_hidden_is_denied if {
	found := secret_in_layer.deny with input as _facts(true, [])
	found == {{"msg": "/app/key is or holds a private key, and is only hidden by a higher layer: layer 2 (COPY . /)", "at": "contents.secrets[/app/key]"}}
}

test_harmless_file_passes if {
	found := secret_in_layer.deny with input as _facts(false, ["/app/key"])
	found == set()
}

test_layers_that_were_not_read_pass if {
	found := secret_in_layer.deny with input as object.union(image.facts({"/contents": null}), {"params": {"image_configuration.secret_in_layer": {"harmless": []}}})
	found == set()
}
