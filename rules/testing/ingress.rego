# Facts of an Ingress that no rule objects to; tests change one thing at a time.
package testing.ingress

ingress := {
	"kind": "Ingress",
	"name": "web",
	"namespace": "shop",
	"inventory": "partial",
	"class": "nginx",
	"tls_elsewhere": false,
	"answers_challenge": false,
	"hosts": [host("web.example.com", true)],
	"default_backend": false,
	"backends": [backend(true, true)],
}

host(name, encrypted) := {"at": "spec.rules[0].host", "host": name, "encrypted": encrypted}

backend(service_found, port_found) := {
	"at": "spec.rules[0].http.paths[0].backend",
	"service": "web",
	"port": "http",
	"service_found": service_found,
	"port_found": port_found,
}
