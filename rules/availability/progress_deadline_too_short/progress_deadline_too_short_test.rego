package rules.availability.progress_deadline_too_short_test

import data.rules.availability.progress_deadline_too_short
import data.testing.availability
import data.testing.workload

_starting(failures, kind) := availability.deployment({"containers": [object.union(workload.container, {
	"kind": kind,
	"probes": {"startup": object.union(workload.probe("startup", "/livez"), {"failure_threshold": failures})},
})]})

test_a_deadline_below_the_ready_time_is_denied if {
	found := progress_deadline_too_short.deny with input as availability.deployment({"rollout": {"progress_deadline_seconds": 30, "min_ready_seconds": 30}})
	found == {{"msg": "progressDeadlineSeconds is not above minReadySeconds, which Kubernetes refuses", "at": "spec"}}
}

test_a_deadline_below_the_start_is_denied if {
	found := progress_deadline_too_short.deny with input as _starting(61, "main")
	found == {{"msg": "container web may take longer to start than the 600 s that its rollout has", "at": "containers[web].startupProbe"}}
}

test_a_deadline_of_the_start_passes if {
	found := progress_deadline_too_short.deny with input as _starting(60, "main")
	found == set()
}

test_an_init_container_passes if {
	found := progress_deadline_too_short.deny with input as _starting(61, "init")
	found == set()
}

test_no_startup_probe_passes if {
	found := progress_deadline_too_short.deny with input as availability.deployment({})
	found == set()
}

test_a_kind_without_deadline_passes if {
	found := progress_deadline_too_short.deny with input as object.union(_starting(61, "main"), {"rollout": {"progress_deadline_seconds": null}})
	found == set()
}
