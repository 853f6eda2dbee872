package rules.infrastructure.imds_v1_allowed_test

import data.rules.infrastructure.imds_v1_allowed
import data.testing.terraform

_finding(address) := {{
	"msg": concat("", [address, " lets version 1 of the metadata service be used"]),
	"at": "metadata_options.http_tokens",
}}

_with(options) := {"metadata_options": [options]}

test_instance_without_options_is_denied if {
	found := imds_v1_allowed.deny with input as terraform.resource("aws_instance", {})
	found == _finding("aws_instance.main")
}

test_optional_token_is_denied if {
	found := imds_v1_allowed.deny with input as terraform.resource("aws_launch_template", _with({"http_tokens": "optional"}))
	found == _finding("aws_launch_template.main")
}

test_unknown_token_is_denied_where_it_is_unknown if {
	found := imds_v1_allowed.deny with input as terraform.resource("aws_instance", _with({"http_tokens": null}))
	found == _finding("aws_instance.main")
}

test_required_token_passes if {
	found := imds_v1_allowed.deny with input as terraform.resource("aws_instance", _with({"http_tokens": "required"}))
	found == set()
}

test_service_that_is_off_passes if {
	found := imds_v1_allowed.deny with input as terraform.resource("aws_instance", _with({"http_endpoint": "disabled"}))
	found == set()
}

test_other_type_passes if {
	found := imds_v1_allowed.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}

test_data_source_passes if {
	found := imds_v1_allowed.deny with input as object.union(terraform.resource("aws_instance", {}), {"block": "data"})
	found == set()
}

_from_template := {"launch_template": [{"id": "lt-1"}]}

test_instance_that_leaves_it_to_its_template_passes if {
	found := imds_v1_allowed.deny with input as terraform.resource("aws_instance", _from_template)
	found == set()
}

test_instance_with_a_template_and_options_of_its_own_is_denied if {
	attributes := object.union(_from_template, _with({"http_tokens": "optional"}))
	found := imds_v1_allowed.deny with input as terraform.resource("aws_instance", attributes)
	found == _finding("aws_instance.main")
}
