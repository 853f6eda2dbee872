package rules.image_configuration.hostile_entry_test

import data.rules.image_configuration.hostile_entry
import data.testing.image

_facts(kind) := image.facts({"/contents/odd": [{"kind": kind, "path": "/../x", "at": "contents.odd[/../x]", "layer": image.layer}]})

test_traversal_is_denied if {
	found := hostile_entry.deny with input as _facts("traversal")
	found == {{"msg": "an entry would leave the image, /../x: layer 2 (COPY . /)", "at": "contents.odd[/../x]"}}
}

test_link_out_is_denied if {
	found := hostile_entry.deny with input as _facts("link_out")
	found == {{"msg": "an entry would leave the image, /../x: layer 2 (COPY . /)", "at": "contents.odd[/../x]"}}
}

test_symbolic_link_that_runtimes_keep_inside_passes if {
	found := hostile_entry.deny with input as _facts("symlink_out")
	found == set()
}

test_absolute_name_passes if {
	found := hostile_entry.deny with input as _facts("absolute")
	found == set()
}
