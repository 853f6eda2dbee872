package rules.image_configuration.ssh_server_installed_test

import data.rules.image_configuration.ssh_server_installed
import data.testing.image

_facts(kind) := image.facts({"/contents/programs": [{"kind": kind, "path": "/usr/sbin/sshd", "at": "contents.programs[/usr/sbin/sshd]", "layer": image.layer}]})

test_it_is_denied if {
	found := ssh_server_installed.deny with input as _facts("ssh_server")
	found == {{"msg": "the image holds an SSH server: /usr/sbin/sshd", "at": "contents.programs[/usr/sbin/sshd]"}}
}

test_other_programs_pass if {
	found := ssh_server_installed.deny with input as _facts("shell")
	found == set()
}
