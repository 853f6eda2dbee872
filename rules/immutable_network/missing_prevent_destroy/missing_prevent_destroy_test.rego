package rules.immutable_network.missing_prevent_destroy_test

import data.rules.immutable_network.missing_prevent_destroy
import data.testing.terraform

_params := {"params": {"immutable_network.missing_prevent_destroy": {"types": ["aws_vpc"]}}}

test_unprotected_network_is_denied if {
	found := missing_prevent_destroy.deny with input as object.union(_params, terraform.resource("aws_vpc", {}))
	found == {{"msg": "aws_vpc.main may be destroyed by any plan", "at": "lifecycle.prevent_destroy"}}
}

test_unprotected_bucket_of_the_state_is_denied if {
	bucket := object.union(terraform.bucket("versioned", true), {"storage": {"holds_terraform_state": true}})
	found := missing_prevent_destroy.deny with input as object.union(_params, bucket)
	found == {{"msg": "aws_s3_bucket.main may be destroyed by any plan", "at": "lifecycle.prevent_destroy"}}
}

test_other_bucket_passes if {
	found := missing_prevent_destroy.deny with input as object.union(_params, terraform.bucket("versioned", true))
	found == set()
}

test_protected_network_passes if {
	protected := object.union(terraform.resource("aws_vpc", {}), {"lifecycle": {"prevent_destroy": true}})
	found := missing_prevent_destroy.deny with input as object.union(_params, protected)
	found == set()
}

test_other_type_passes if {
	found := missing_prevent_destroy.deny with input as object.union(_params, terraform.resource("aws_subnet", {}))
	found == set()
}

test_plan_passes_because_it_does_not_tell if {
	found := missing_prevent_destroy.deny with input as object.union(_params, terraform.planned("aws_vpc", ["create"], []))
	found == set()
}
