package rules.infrastructure.administrator_policy_test

import data.rules.infrastructure.administrator_policy
import data.testing.terraform

test_policy_that_allows_everything_is_denied if {
	policy := object.union(terraform.resource("aws_iam_policy", {}), {"administrators": ["policy"]})
	found := administrator_policy.deny with input as policy
	found == {{"msg": "aws_iam_policy.main allows every action on every resource", "at": "policy"}}
}

test_other_policy_passes if {
	found := administrator_policy.deny with input as terraform.resource("aws_iam_policy", {})
	found == set()
}
