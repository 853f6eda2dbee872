package rules.access.approves_certificates_test

import data.rules.access.approves_certificates
import data.testing.role

test_grant_is_denied if {
	found := approves_certificates.deny with input as role.granting("approve_certificates", "update on certificatesigningrequests/approval")
	found == {{"msg": "approves certificates that log in as anybody (update on certificatesigningrequests/approval)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := approves_certificates.deny with input as role.granting("wildcard_verbs", "update on certificatesigningrequests/approval")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := approves_certificates.deny with input as object.union(role.granting("approve_certificates", "update on certificatesigningrequests/approval"), {"builtin": true})
	found == set()
}
