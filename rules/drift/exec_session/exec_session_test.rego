package rules.drift.exec_session_test

import data.rules.drift.exec_session
import data.testing.live_object

_given(changes, params) := object.union(live_object.facts(changes), {"params": {"drift.exec_session": params}})

test_shell_is_denied if {
	found := exec_session.deny with input as _given(
		{
			"/workload/exec_sessions": [
				{
					"user": "alice@example.com",
					"verb": "exec",
					"pod": "web-7d4b9c-x2x4p",
					"container": "web",
					"program": "bash",
					"copies": null,
					"time": "2026-11-18T16:42:10Z",
				},
			],
		},
		{"allowed_users": []},
	)
	found == {{
		"msg": "alice@example.com used exec (bash) in Pod web-7d4b9c-x2x4p at 2026-11-18T16:42:10Z",
		"at": "exec_sessions[alice@example.com web-7d4b9c-x2x4p]",
	}}
}

test_port_forwarding_is_denied if {
	found := exec_session.deny with input as _given(
		{
			"/workload/exec_sessions": [
				{
					"user": "alice@example.com",
					"verb": "portforward",
					"pod": "web-7d4b9c-x2x4p",
					"container": null,
					"program": null,
					"copies": null,
					"time": "2026-11-18T16:42:10Z",
				},
			],
		},
		{"allowed_users": []},
	)
	found == {{
		"msg": "alice@example.com used portforward in Pod web-7d4b9c-x2x4p at 2026-11-18T16:42:10Z",
		"at": "exec_sessions[alice@example.com web-7d4b9c-x2x4p]",
	}}
}

test_copying_is_told if {
	found := exec_session.deny with input as _given(
		{
			"/workload/exec_sessions": [
			{
				"user": "alice@example.com",
				"verb": "exec",
				"pod": "web-7d4b9c-x2x4p",
				"container": "web",
				"program": "tar",
				"copies": copies,
				"time": "2026-11-18T16:42:10Z",
			} |
				some copies in ["into", "out_of"]
			],
		},
		{"allowed_users": []},
	)
	found == {{
		"msg": concat("", [
			"alice@example.com used exec (kubectl cp ",
			way,
			" it) in Pod web-7d4b9c-x2x4p at 2026-11-18T16:42:10Z",
		]),
		"at": "exec_sessions[alice@example.com web-7d4b9c-x2x4p]",
	} |
		some way in ["into", "out of"]
	}
}

test_allowed_user_passes if {
	found := exec_session.deny with input as _given(
		{
			"/workload/exec_sessions": [
				{
					"user": "alice@example.com",
					"verb": "exec",
					"pod": "web-7d4b9c-x2x4p",
					"container": "web",
					"program": "bash",
					"copies": null,
					"time": "2026-11-18T16:42:10Z",
				},
			],
		},
		{"allowed_users": ["alice@example.com"]},
	)
	found == set()
}

test_no_session_passes if {
	found := exec_session.deny with input as _given({}, {"allowed_users": []})
	found == set()
}

test_without_audit_log_nothing_is_known if {
	found := exec_session.deny with input as _given({"/workload/exec_sessions": null}, {"allowed_users": []})
	found == set()
}
