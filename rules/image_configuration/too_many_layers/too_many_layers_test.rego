package rules.image_configuration.too_many_layers_test

import data.rules.image_configuration.too_many_layers
import data.testing.image

_facts(most) := object.union(
	image.facts({"/layers": [image.layer, image.layer]}),
	{"params": {"image_configuration.too_many_layers": {"most": most}}},
)

test_many_layers_are_denied if {
	found := too_many_layers.deny with input as _facts(1)
	found == {{"msg": "the image has 2 layers", "at": "layers"}}
}

test_as_many_as_allowed_pass if {
	found := too_many_layers.deny with input as _facts(2)
	found == set()
}
