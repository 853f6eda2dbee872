# METADATA
# title: Databases do not keep their data in an emptyDir
# description: >-
#   An emptyDir is deleted with its Pod: an eviction, a drain or a changed image tag loses all the data. Judged where
#   nothing of the Pod outlives it; database images are known by name.
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
package rules.data_separation.database_on_empty_dir

deny contains {"msg": msg, "at": volume.at} if {
	not input.runs_to_completion
	not input.storage.outlives_pod
	some container in input.containers
	container.kind == "main"
	_name(container) in input.params["data_separation.database_on_empty_dir"].databases
	some volume in input.storage.volumes
	volume.type == "empty_dir"
	some mount in volume.mounts
	mount.container == container.name
	regex.match(`data|/var/lib/|/bitnami|storage`, mount.mount_path)
	msg := concat("", ["database ", container.name, " keeps its data in emptyDir ", volume.name, ", which goes with the Pod"])
}

_name(container) := parts[count(parts) - 1] if parts := split(container.image.repository, "/")
