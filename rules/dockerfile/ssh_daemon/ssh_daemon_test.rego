package rules.dockerfile.ssh_daemon_test

import data.rules.dockerfile.ssh_daemon
import data.testing.dockerfile

_install(name, shipped) := {"stages": [dockerfile.stage([
	{"op": "replace", "path": "/shipped", "value": shipped},
	{"op": "replace", "path": "/runs", "value": [dockerfile.run({"packages": [{"name": name}]})]},
])]}

_start(words, patch) := {"stages": [json.patch(
	dockerfile.stage([{"op": "replace", "path": "/cmd", "value": dockerfile.start("exec", {"words": words})}]),
	patch,
)]}

test_installed_server_is_denied if {
	found := ssh_daemon.deny with input as _install("openssh-server", true)
	found == {{"msg": "stage final installs an SSH server: openssh-server", "at": "stages[final].runs[apk add curl]"}}
}

test_client_passes if {
	found := ssh_daemon.deny with input as _install("openssh-client", true)
	found == set()
}

test_package_without_a_name_passes if {
	found := ssh_daemon.deny with input as _install(null, true)
	found == set()
}

test_server_in_a_stage_that_is_not_shipped_passes if {
	found := ssh_daemon.deny with input as _install("openssh-server", false)
	found == set()
}

test_started_server_is_denied if {
	found := ssh_daemon.deny with input as _start(["tini", "--", "/usr/sbin/sshd", "-D"], [])
	found == {{"msg": "stage final starts an SSH server: /usr/sbin/sshd", "at": "stages[final].cmd"}}
}

test_other_program_passes if {
	found := ssh_daemon.deny with input as _start(["ssh-agent"], [])
	found == set()
}

test_started_server_in_a_stage_that_is_not_shipped_passes if {
	found := ssh_daemon.deny with input as _start(["sshd"], [{"op": "replace", "path": "/shipped", "value": false}])
	found == set()
}

test_server_of_the_stage_below_is_named_there if {
	found := ssh_daemon.deny with input as _start(["sshd"], [{"op": "replace", "path": "/cmd/stage", "value": "base"}])
	found == set()
}
