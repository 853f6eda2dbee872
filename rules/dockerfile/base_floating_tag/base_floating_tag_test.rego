package rules.dockerfile.base_floating_tag_test

import data.rules.dockerfile.base_floating_tag
import data.testing.dockerfile

_params := {"params": {"dockerfile.base_floating_tag": {"mutable_tags": ["latest", "stable"]}}}

_uses(tag, digest) := object.union(_params, {"images": [dockerfile.used("alpine", tag, digest)]})

test_moving_tag_is_denied if {
	found := base_floating_tag.deny with input as _uses("stable", null)
	found == {{"msg": "stage final uses alpine by the moving tag stable", "at": "stages[final].base"}}
}

test_no_tag_means_latest if {
	found := base_floating_tag.deny with input as _uses(null, null)
	found == {{"msg": "stage final uses alpine by the moving tag latest", "at": "stages[final].base"}}
}

test_version_passes if {
	found := base_floating_tag.deny with input as _uses("3.20", null)
	found == set()
}

test_digest_makes_the_tag_moot if {
	found := base_floating_tag.deny with input as _uses("stable", "sha256:6d0c")
	found == set()
}
