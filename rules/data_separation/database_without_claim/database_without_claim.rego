# METADATA
# title: Databases keep their data in volumes
# description: >-
#   Without any volume the data is in the container's own file layer: it goes with every restart, not only with the Pod.
#   Database images are known by name; a container that runs another command than the image's is not judged.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: operations
#   remediation: |
#     Claim a volume for each Pod:
#     ```yaml
#     kind: StatefulSet
#     spec:
#       volumeClaimTemplates:
#         - metadata: {name: data}
#     ```
#   frameworks: {nist_800_53: ["CP-9", "CP-10"]}
#   aliases: []
#   params:
#     databases:
#       type: array
#       items: {type: string}
#       default:
#         - postgres
#         - postgresql
#         - timescaledb
#         - mysql
#         - mysql-server
#         - mariadb
#         - mongo
#         - mongodb
#         - cassandra
#         - scylla
#         - elasticsearch
#         - opensearch
#         - clickhouse
#         - clickhouse-server
#         - etcd
#         - influxdb
#         - couchdb
#         - cockroach
#         - neo4j
#       description: last part of the names of images that keep data
package rules.data_separation.database_without_claim

deny contains {"msg": msg, "at": container.at} if {
	not input.runs_to_completion
	not input.storage.outlives_pod
	some container in input.containers
	container.kind == "main"
	count(container.command) == 0
	_name(container) in input.params["data_separation.database_without_claim"].databases
	not _mounts_something(container.name)
	msg := concat("", ["database ", container.name, " keeps its data inside of the container"])
}

_mounts_something(name) if {
	some volume in input.storage.volumes
	some mount in volume.mounts
	mount.container == name
}

_name(container) := parts[count(parts) - 1] if parts := split(container.image.repository, "/")
