package rules.infrastructure.module_not_pinned_test

import data.rules.infrastructure.module_not_pinned
import data.testing.terraform

_module(attributes) := object.union(terraform.block("module", "net"), {
	"attributes": attributes,
	"params": {"infrastructure.module_not_pinned": {"mutable_refs": ["main"]}},
})

test_registry_module_without_version_is_denied if {
	found := module_not_pinned.deny with input as _module({"source": "hashicorp/consul/aws"})
	found == {{"msg": "module.net takes whatever version of hashicorp/consul/aws is the newest", "at": "version"}}
}

test_version_that_is_not_known_is_denied_where_it_is_unknown if {
	found := module_not_pinned.deny with input as _module({"source": "hashicorp/consul/aws", "version": null})
	found == {{"msg": "module.net takes whatever version of hashicorp/consul/aws is the newest", "at": "version"}}
}

test_registry_module_with_version_passes if {
	found := module_not_pinned.deny with input as _module({"source": "hashicorp/consul/aws", "version": "1.2.3"})
	found == set()
}

test_repository_without_reference_is_denied if {
	found := module_not_pinned.deny with input as _module({"source": "git::https://example.com/net.git"})
	found == {{"msg": "module.net takes whatever is in git::https://example.com/net.git", "at": "source"}}
}

test_repository_with_branch_is_denied if {
	found := module_not_pinned.deny with input as _module({"source": "github.com/example/net?ref=main"})
	found == {{"msg": "module.net takes whatever is in github.com/example/net?ref=main", "at": "source"}}
}

test_repository_with_tag_passes if {
	found := module_not_pinned.deny with input as _module({"source": "github.com/example/net?depth=1&ref=v1.2.3"})
	found == set()
}

test_local_module_passes if {
	found := module_not_pinned.deny with input as _module({"source": "../modules/net"})
	found == set()
}

test_resource_with_a_source_passes if {
	found := module_not_pinned.deny with input as terraform.resource("aws_s3_object", {"source": "hashicorp/consul/aws"})
	found == set()
}

test_resource_with_a_repository_passes if {
	found := module_not_pinned.deny with input as terraform.resource("aws_s3_object", {"source": "git::https://x/y.git"})
	found == set()
}
