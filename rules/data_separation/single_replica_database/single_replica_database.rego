# METADATA
# title: Databases have more than one replica
# description: >-
#   While its only Pod is moved, updated or broken, nobody can read or write. A database that replicates goes on, and
#   loses nothing with a volume. Advice: for a test system one is enough.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: operations
#   remediation: |
#     Let an operator of the database run several replicas, or use a managed database:
#     ```yaml
#     spec:
#       replicas: 3
#     ```
#   frameworks: {nist_800_53: ["CP-10"]}
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
package rules.data_separation.single_replica_database

deny contains {"msg": msg, "at": "spec.replicas"} if {
	input.kind in {"StatefulSet", "Deployment"}
	_one(input.replicas)
	count(input.autoscalers) == 0
	some container in input.containers
	container.kind == "main"
	_name(container) in input.params["data_separation.single_replica_database"].databases
	msg := concat("", ["database ", container.name, " has one replica"])
}

_one(null)

_one(replicas) if replicas == 1

_name(container) := parts[count(parts) - 1] if parts := split(container.image.repository, "/")
