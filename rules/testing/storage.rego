# Facts of what keeps data, changed by the object.
package testing.storage

import data.testing.workload

# A Deployment of one database with this storage.
database(kind, image, storage) := object.union(workload.deployment([]), {
	"kind": kind,
	"containers": [{
		"name": "db",
		"kind": "main",
		"at": "containers[db]",
		"image": object.union(workload.image, {"repository": image}),
		"command": [],
	}],
	"replicas": 1,
	"claims": [],
	"autoscalers": [],
	"labels": {},
	"annotations": {},
	"storage": object.union({"volumes": [], "outlives_pod": false, "surges": false, "claims_deleted": []}, storage),
})

volume(change) := object.union(
	{
		"name": "data",
		"at": "spec.template.spec.volumes[data]",
		"type": "claim",
		"claim": "db",
		"found": true,
		"access_modes": ["ReadWriteOnce"],
		"host_path": null,
		"mounts": [{"container": "db", "mount_path": "/var/lib/postgresql/data", "read_only": false}],
	},
	change,
)

claim(change) := object.union(
	{
		"name": "data",
		"at": "spec",
		"access_modes": ["ReadWriteOnce"],
		"storage_class": "encrypted",
		"names_volume": false,
		"marks": [],
	},
	change,
)
