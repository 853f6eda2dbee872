# Facts of a Service that no rule objects to; tests change one thing at a time.
package testing.service

service := {
	"kind": "Service",
	"name": "web",
	"namespace": "shop",
	"inventory": "partial",
	"type": "ClusterIP",
	"headless": false,
	"external_name": null,
	"external_ips": [],
	"load_balancer": null,
	"selector": {"app": "web"},
	"selected": ["Deployment/web"],
	"selects_something": true,
	"ports": [port("http", true)],
}

port(target, found) := {
	"at": "spec.ports[http].targetPort",
	"name": "http",
	"port": 80,
	"target_name": target,
	"target_number": null,
	"node_port": null,
	"target_found": found,
}

# The Service as a load balancer, with these differences.
balanced(differences) := object.union(service, {
	"type": "LoadBalancer",
	"load_balancer": object.union({"class": null, "source_ranges": [], "open": true, "internal": false}, differences),
})
