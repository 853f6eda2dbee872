package rules.pod_security.default_service_account_test

import data.rules.pod_security.default_service_account
import data.testing.pod_security

test_token_of_the_default_account_is_denied if {
	found := default_service_account.deny with input as pod_security.differs({"service_account": {"name": "default", "automount": null}})
	found == {{"msg": "nothing keeps the token of the default service account out of the Pod", "at": "spec.template.spec"}}
}

test_token_that_is_asked_for_is_denied if {
	found := default_service_account.deny with input as pod_security.differs({"service_account": {"name": "default", "automount": true}})
	found == {{"msg": "nothing keeps the token of the default service account out of the Pod", "at": "spec.template.spec"}}
}

test_default_account_without_token_passes if {
	found := default_service_account.deny with input as pod_security.differs({"service_account": {"name": "default", "automount": false}})
	found == set()
}

test_account_of_its_own_passes if {
	found := default_service_account.deny with input as pod_security.differs({"service_account": {"name": "web", "automount": null}})
	found == set()
}

test_rollout_whose_template_is_elsewhere_passes if {
	without := json.patch(pod_security.differs({"service_account": {"name": "default", "automount": null}}), [{"op": "replace", "path": "/containers", "value": []}])
	found := default_service_account.deny with input as without
	found == set()
}
