package rules.pod_security.service_account_token_automounted_test

import data.rules.pod_security.service_account_token_automounted
import data.testing.pod_security

test_token_that_nobody_decided_on_is_denied if {
	found := service_account_token_automounted.deny with input as pod_security.differs({"service_account": {"name": "web", "automount": null}})
	found == {{"msg": "the token of service account web is mounted because nobody says otherwise", "at": "spec.template.spec"}}
}

test_token_that_is_asked_for_passes if {
	found := service_account_token_automounted.deny with input as pod_security.differs({"service_account": {"name": "web", "automount": true}})
	found == set()
}

test_account_without_token_passes if {
	found := service_account_token_automounted.deny with input as pod_security.differs({"service_account": {"name": "web", "automount": false}})
	found == set()
}

test_default_account_is_left_to_another_rule if {
	found := service_account_token_automounted.deny with input as pod_security.differs({"service_account": {"name": "default", "automount": null}})
	found == set()
}
