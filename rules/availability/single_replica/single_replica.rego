# METADATA
# title: What a Service leads to runs more than one replica
# description: >-
#   While its only Pod is moved, updated or restarted, the Service answers nobody.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: sre
#   remediation: |
#     Run two replicas at least, or let an autoscaler keep them:
#     ```yaml
#     spec:
#       replicas: 2
#     ```
#     What can only run once says so with `strategy: {type: Recreate}`, and is left alone, as is what keeps a volume of its own.
#   frameworks: {nist_800_53: [SC-36]}
#   aliases: [deployment-replicas, minimum-three-replicas, deploymentMissingReplicas]
#   params:
#     minimum:
#       type: integer
#       minimum: 2
#       default: 2
#       description: the fewest replicas that may stand behind a Service
package rules.availability.single_replica

deny contains {"msg": msg, "at": "spec.replicas"} if {
	input.kind in {"Deployment", "Rollout"}
	count(input.applied_with.services) > 0
	input.scaling.source in {"written", "default"}
	input.scaling.minimum > 0
	input.scaling.minimum < input.params["availability.single_replica"].minimum
	not _runs_only_once
	msg := concat("", [_replicas, " behind ", concat(", ", input.applied_with.services), ", and no autoscaler ", _where[input.inventory]])
}

_runs_only_once if input.rollout.strategy == "Recreate"

_runs_only_once if {
	some volume in input.pod.volumes
	volume.type == "persistentVolumeClaim"
}

# Another replica of these is no copy, but a cluster to set up: see the pack data_separation.
_runs_only_once if {
	some container in input.containers
	container.image.repository != null
	regex.match(`(^|[/-])(redis|valkey|postgres|postgresql|mysql|mariadb|mongo|mongodb|memcached|etcd|rabbitmq)$`, container.image.repository)
}

_replicas := "1 replica is" if input.scaling.minimum == 1

_replicas := concat(" ", [format_int(input.scaling.minimum, 10), "replicas are"]) if input.scaling.minimum > 1

_where := {"complete": "adds more", "partial": "among the scanned files adds more"}
