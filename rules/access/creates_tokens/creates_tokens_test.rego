package rules.access.creates_tokens_test

import data.rules.access.creates_tokens
import data.testing.role

test_grant_is_denied if {
	found := creates_tokens.deny with input as role.granting("create_tokens", "create on serviceaccounts/token")
	found == {{"msg": "creates tokens of any service account (create on serviceaccounts/token)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := creates_tokens.deny with input as role.granting("wildcard_verbs", "create on serviceaccounts/token")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := creates_tokens.deny with input as object.union(role.granting("create_tokens", "create on serviceaccounts/token"), {"builtin": true})
	found == set()
}
