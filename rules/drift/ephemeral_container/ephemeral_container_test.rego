package rules.drift.ephemeral_container_test

import data.rules.drift.ephemeral_container
import data.testing.live_object

test_debugging_container_is_denied if {
	found := ephemeral_container.deny with input as live_object.facts({
		"/workload/ephemeral_containers": [
			{
				"name": "debugger-4xk2p",
				"image": "busybox:1.36",
				"pod": "web-7d4b9c-x2x4p",
				"pods": 1,
				"target": "web",
				"running": true,
			},
		],
	})
	found == {{
		"msg": "debugging container debugger-4xk2p runs busybox:1.36 in Pod web-7d4b9c-x2x4p",
		"at": "ephemeral_containers[debugger-4xk2p]",
	}}
}

test_ended_debugging_container_is_denied if {
	found := ephemeral_container.deny with input as live_object.facts({
		"/workload/ephemeral_containers": [
			{
				"name": "debugger-4xk2p",
				"image": "busybox:1.36",
				"pod": "web-7d4b9c-x2x4p",
				"pods": 1,
				"target": "web",
				"running": false,
			},
		],
	})
	found == {{
		"msg": "debugging container debugger-4xk2p ran busybox:1.36 in Pod web-7d4b9c-x2x4p",
		"at": "ephemeral_containers[debugger-4xk2p]",
	}}
}

test_pods_without_any_pass if {
	found := ephemeral_container.deny with input as live_object.facts({})
	found == set()
}
