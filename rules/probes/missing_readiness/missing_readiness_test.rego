package rules.probes.missing_readiness_test

import data.rules.probes.missing_readiness
import data.testing.workload

_without := [{"op": "replace", "path": "/probes/readiness", "value": null}]

test_container_without_readiness_probe_is_denied if {
	found := missing_readiness.deny with input as workload.deployment(_without)
	found == {{"msg": "container web has no readiness probe", "at": "containers[web]"}}
}

test_container_with_readiness_probe_passes if {
	found := missing_readiness.deny with input as workload.deployment([])
	found == set()
}

test_init_container_needs_no_probe if {
	patch := array.concat(_without, [{"op": "replace", "path": "/kind", "value": "init"}])
	found := missing_readiness.deny with input as workload.deployment(patch)
	found == set()
}

test_job_needs_no_probe if {
	job := object.union(workload.deployment(_without), {"kind": "Job", "runs_to_completion": true})
	found := missing_readiness.deny with input as job
	found == set()
}
