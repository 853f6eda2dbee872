package rules.immutable_network.missing_flow_logs_test

import data.rules.immutable_network.missing_flow_logs
import data.testing.terraform

_vpc(users) := object.union(terraform.resource("aws_vpc", {}), {"used_by": users})

_subnet(attributes) := terraform.resource("google_compute_subnetwork", attributes)

test_network_without_log_is_denied if {
	found := missing_flow_logs.deny with input as _vpc([])
	found == {{"msg": "aws_vpc.main has no flow log in this folder", "at": "vpc_id"}}
}

test_network_with_log_passes if {
	found := missing_flow_logs.deny with input as _vpc(["aws_flow_log"])
	found == set()
}

test_module_that_is_not_here_may_log if {
	found := missing_flow_logs.deny with input as _vpc(["module"])
	found == set()
}

test_other_use_is_no_log if {
	found := missing_flow_logs.deny with input as _vpc(["aws_s3_bucket_versioning"])
	found == {{"msg": "aws_vpc.main has no flow log in this folder", "at": "vpc_id"}}
}

test_plan_passes_because_it_does_not_tell if {
	found := missing_flow_logs.deny with input as terraform.planned("aws_vpc", ["create"], [])
	found == set()
}

test_subnet_without_log_is_denied if {
	found := missing_flow_logs.deny with input as _subnet({})
	found == {{"msg": "google_compute_subnetwork.main has no flow log", "at": "log_config"}}
}

test_unknown_log_is_denied_where_it_is_unknown if {
	found := missing_flow_logs.deny with input as _subnet({"log_config": null})
	found == {{"msg": "google_compute_subnetwork.main has no flow log", "at": "log_config"}}
}

test_subnet_with_log_passes if {
	found := missing_flow_logs.deny with input as _subnet({"log_config": [{"flow_sampling": 0.5}]})
	found == set()
}

test_subnet_of_a_proxy_passes if {
	found := missing_flow_logs.deny with input as _subnet({"purpose": "REGIONAL_MANAGED_PROXY"})
	found == set()
}

test_subnet_that_is_looked_up_passes if {
	found := missing_flow_logs.deny with input as object.union(_subnet({}), {"block": "data"})
	found == set()
}
