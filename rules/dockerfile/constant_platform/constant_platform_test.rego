package rules.dockerfile.constant_platform_test

import data.rules.dockerfile.constant_platform
import data.testing.dockerfile

test_platform_that_is_written_down_is_denied if {
	found := constant_platform.deny with input as dockerfile.file("platform", "linux/amd64")
	found == {{"msg": "stage final is always built for linux/amd64", "at": "stages[final].base"}}
}

test_variable_passes if {
	found := constant_platform.deny with input as dockerfile.file("platform", "$BUILDPLATFORM")
	found == set()
}

test_no_platform_passes if {
	found := constant_platform.deny with input as dockerfile.file("platform", null)
	found == set()
}
