package rules.access.changes_service_status_test

import data.rules.access.changes_service_status
import data.testing.role

test_grant_is_denied if {
	found := changes_service_status.deny with input as role.granting("change_service_status", "update on services/status")
	found == {{"msg": "changes the status of Services (update on services/status)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := changes_service_status.deny with input as role.granting("wildcard_verbs", "update on services/status")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := changes_service_status.deny with input as object.union(role.granting("change_service_status", "update on services/status"), {"builtin": true})
	found == set()
}
