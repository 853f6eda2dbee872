package rules.dockerfile.signatures_not_checked_test

import data.rules.dockerfile.signatures_not_checked
import data.testing.dockerfile

test_switch_is_denied if {
	found := signatures_not_checked.deny with input as dockerfile.runs({"signatures_unchecked": "apk --allow-untrusted"})
	found == {{"msg": "stage final does not check signatures of packages: apk --allow-untrusted", "at": "stages[final].runs[do]"}}
}

test_other_commands_pass if {
	found := signatures_not_checked.deny with input as dockerfile.runs({})
	found == set()
}
