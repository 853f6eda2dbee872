package rules.availability.autoscaler_without_request_test

import data.rules.availability.autoscaler_without_request
import data.testing.availability

test_a_container_without_request_is_denied if {
	found := autoscaler_without_request.deny with input as availability.autoscaler({"metrics": [object.union(availability.metric, {"without_request": ["web"]})]})
	found == {{"msg": "scales by a share of the cpu request, which web of Deployment/web does not make", "at": "spec.metrics[0]"}}
}

test_requests_pass if {
	found := autoscaler_without_request.deny with input as availability.autoscaler({})
	found == set()
}
