package rules.image_configuration.missing_label_test

import data.rules.image_configuration.missing_label
import data.testing.image

_facts(changes) := object.union(
	image.facts(object.union({"/labels": {}, "/annotations": {}}, changes)),
	{"params": {"image_configuration.missing_label": {"names": ["source"]}}},
)

test_missing_label_is_denied if {
	found := missing_label.deny with input as _facts({})
	found == {{"msg": "the image has neither a label nor an annotation source", "at": "labels[source]"}}
}

test_empty_label_is_denied if {
	found := missing_label.deny with input as _facts({"/labels": {"source": ""}})
	found == {{"msg": "the image has neither a label nor an annotation source", "at": "labels[source]"}}
}

test_label_passes if {
	found := missing_label.deny with input as _facts({"/labels": {"source": "https://git.example.com"}})
	found == set()
}

test_annotation_passes if {
	found := missing_label.deny with input as _facts({"/annotations": {"source": "https://git.example.com"}})
	found == set()
}

test_image_whose_configuration_was_not_read_passes if {
	found := missing_label.deny with input as _facts({"/config": null})
	found == set()
}
