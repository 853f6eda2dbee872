# Facts about replicas, rollouts, disruption budgets and autoscalers that no rule objects to; tests merge their changes in.
package testing.availability

import data.testing.workload

deployment(changes) := object.union(object.union(workload.deployment([]), _well_run), changes)

_well_run := {
	"api_version": "apps/v1",
	"labels": {"app.kubernetes.io/name": "web", "app.kubernetes.io/version": "v1.2.0"},
	"annotations": {"kubernetes.io/change-cause": "web v1.2.0"},
	"deprecation": null,
	"owners": [],
	"pod": {"volumes": []},
	"replicas": 3,
	"scaling": {"minimum": 3, "source": "written"},
	"services": ["web"],
	"disruption_budgets": ["web"],
	"autoscalers": [],
	"applied_with": {"services": ["web"], "disruption_budgets": ["web"], "autoscalers": []},
	"rollout": {
		"strategy": "RollingUpdate",
		"at": "spec.strategy",
		"max_unavailable": {"text": "25%", "number": null, "percent": 25, "resolved": 0},
		"max_surge": {"text": "25%", "number": null, "percent": 25, "resolved": 1},
		"revision_history_limit": null,
		"progress_deadline_seconds": 600,
		"min_ready_seconds": 0,
		"analysed": null,
	},
	"selector": {"matches_template": true, "overlaps": []},
	"governing_service": null,
	"job": null,
	"scheduling": {
		"node_name": null,
		"priority_class_name": null,
		"spread_constraints": [spread_constraint],
		"anti_affinity_to_itself": false,
		"never_evicted": false,
	},
}

spread_constraint := {
	"at": "spec.template.spec.topologySpreadConstraints[0]",
	"topology_key": "topology.kubernetes.io/zone",
	"has_selector": true,
	"selects_itself": true,
}

# Two of three Pods stay.
budget(changes) := object.union(_budget, changes)

_budget := {
	"api_version": "policy/v1",
	"kind": "PodDisruptionBudget",
	"name": "web",
	"namespace": "shop",
	"inventory": "partial",
	"min_available": {"text": "2", "number": 2, "percent": null},
	"max_unavailable": null,
	"selects_all": false,
	"selected": ["Deployment/web"],
	"workloads_in_namespace": 2,
	"custom_resources_in_namespace": 0,
	"pods": 3,
	"allowed_disruptions": 1,
}

autoscaler(changes) := object.union(_autoscaler, changes)

_autoscaler := {
	"api_version": "autoscaling/v2",
	"kind": "HorizontalPodAutoscaler",
	"name": "web",
	"namespace": "shop",
	"inventory": "partial",
	"target": {"kind": "Deployment", "name": "web", "found": true},
	"target_services": ["web"],
	"min_replicas": 2,
	"max_replicas": 10,
	"metrics": [metric],
	"workloads_in_namespace": 2,
	"custom_resources_in_namespace": 0,
}

metric := {
	"at": "spec.metrics[0]",
	"type": "Resource",
	"resource": "cpu",
	"share_of_request": true,
	"without_request": [],
}
