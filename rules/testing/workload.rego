# Facts of a workload that no rule objects to; tests change one thing at a time.
package testing.workload

container := {
	"name": "web",
	"kind": "main",
	"at": "containers[web]",
	"image": image,
	"image_pull_policy": "IfNotPresent",
	"ports": [{"name": "http", "container_port": 8080, "host_port": null, "protocol": "TCP"}],
	"resources": {
		"requests": {"cpu": _cpu, "memory": _memory, "ephemeral_storage": null},
		"limits": {"cpu": _cpu, "memory": _memory, "ephemeral_storage": null},
	},
	"pre_stop": null,
	"probes": {"liveness": probe("liveness", "/livez"), "readiness": probe("readiness", "/readyz"), "startup": null},
}

_cpu := {"text": "500m", "value": 0.5}

_memory := {"text": "256Mi", "value": 268435456}

image := {
	"text": "registry.example.com/web:v1.2.0@sha256:6d0c…",
	"valid": true,
	"registry": "registry.example.com",
	"repository": "web",
	"name": "registry.example.com/web",
	"tag": "v1.2.0",
	"digest": "sha256:6d0c",
	"normalised": "registry.example.com/web:v1.2.0@sha256:6d0c",
}

probe(name, path) := {
	"at": concat("", ["containers[web].", name, "Probe"]),
	"handler": "httpGet",
	"path": path,
	"host": null,
	"command": [],
	"port": {"text": "8080", "number": 8080},
	"initial_delay_seconds": 0,
	"period_seconds": 10,
	"timeout_seconds": 1,
	"success_threshold": 1,
	"failure_threshold": 3,
}

# A Deployment with this container, changed by the JSON patch.
deployment(patch) := {
	"kind": "Deployment",
	"name": "web",
	"namespace": "shop",
	"inventory": "partial",
	"schema_errors": [],
	"runs_to_completion": false,
	"pod": {
		"at": "spec.template.spec",
		"metadata_at": "spec.template.metadata",
		"host_network": false,
		"resources": {"requests": [], "limits": []},
		"labels": {"app": "web", "version": "v1.2.0"},
	},
	"containers": [json.patch(container, patch)],
	"network_policies": {"ingress": ["default-deny"], "egress": ["default-deny"]},
}
