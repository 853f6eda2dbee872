# Facts of a live object that no rule objects to; tests change some of them.
package testing.live_object

_live_object := {
	"api_version": "apps/v1",
	"kind": "Deployment",
	"name": "web",
	"namespace": "shop",
	"labels": {"app": "web"},
	"annotations": {},
	"now": "2026-11-20T02:00:00Z",
	"created_at": "2026-03-01T10:00:00Z",
	"age_days": 263,
	"owner": null,
	"presence": "both",
	"transient": false,
	"declared": {"locator": "deploy/web.yaml", "revision": "9fceb02d", "method": "dry_run"},
	"field_differs": [],
	"managers": [
		{
			"name": "argocd-controller",
			"operation": "Apply",
			"subresource": null,
			"allowed": true,
			"time": "2026-11-02T10:00:00Z",
			"age_days": 17,
			"fields": ["spec.template.spec.containers[web].image"],
		},
	],
	"replicas": {"declared": 3, "live": 3, "autoscaler": null, "scaled_by": null},
	"workload": {
		"runs_to_completion": false,
		"pods": {"running": 3, "outdated": 0, "oldest": {"name": "web-7d4b9c-x2x4p", "age_days": 17}},
		"containers": [_container],
		"ephemeral_containers": [],
		"differs_from_template": [],
		"exec_sessions": [],
		"configuration_changed": [],
	},
	"object": {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": "web", "namespace": "shop"},
	},
}

_container := {
	"name": "web",
	"kind": "main",
	"at": "containers[web]",
	"image": "registry.example.com/shop/web:v1.2.0@sha256:6d0c",
	"declared_digest": "sha256:6d0c",
	"tag": null,
	"running": [
		{
			"digest": "sha256:6d0c",
			"image_id": "registry.example.com/shop/web@sha256:6d0c",
			"form": "manifest",
			"pods": 3,
			"example": "web-7d4b9c-x2x4p",
			"matches": true,
			"signed": true,
			"unsigned_because": null,
		},
	],
	"read_only_root": true,
	"file_system": {"writes": "impossible", "writable": [], "scratch": ["/tmp"]},
	"restarts": null,
}

# The facts with some values changed, given by JSON pointer.
facts(changes) := json.patch(_live_object, [change |
	some path, value in changes
	change := {"op": "replace", "path": path, "value": value}
])

# The container with some values changed.
container(changes) := object.union(_container, changes)
