package rules.infrastructure.provisioner_changes_in_place_test

import data.rules.infrastructure.provisioner_changes_in_place
import data.testing.terraform

_provisioned(kind, when) := object.union(terraform.resource("aws_instance", {}), {
	"provisioners": [{"kind": kind, "at": "provisioner[x]", "when": when}],
	"params": {"infrastructure.provisioner_changes_in_place": {"kinds": ["remote-exec"]}},
})

test_remote_commands_are_denied if {
	found := provisioner_changes_in_place.deny with input as _provisioned("remote-exec", "create")
	found == {{
		"msg": "aws_instance.main is changed by the provisioner remote-exec after it has started",
		"at": "provisioner[x]",
	}}
}

test_remote_commands_at_the_end_pass if {
	found := provisioner_changes_in_place.deny with input as _provisioned("remote-exec", "destroy")
	found == set()
}

test_local_commands_pass if {
	found := provisioner_changes_in_place.deny with input as _provisioned("local-exec", "create")
	found == set()
}
