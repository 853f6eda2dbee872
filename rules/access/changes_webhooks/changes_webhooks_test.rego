package rules.access.changes_webhooks_test

import data.rules.access.changes_webhooks
import data.testing.role

test_grant_is_denied if {
	found := changes_webhooks.deny with input as role.granting("change_webhooks", "update on validatingwebhookconfigurations")
	found == {{"msg": "changes admission webhooks (update on validatingwebhookconfigurations)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := changes_webhooks.deny with input as role.granting("wildcard_verbs", "update on validatingwebhookconfigurations")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := changes_webhooks.deny with input as object.union(role.granting("change_webhooks", "update on validatingwebhookconfigurations"), {"builtin": true})
	found == set()
}
