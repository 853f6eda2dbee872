# Facts of a ClusterRoleBinding that no rule objects to; tests change one thing at a time.
package testing.role_binding

binding := {
	"kind": "ClusterRoleBinding",
	"name": "web",
	"namespace": null,
	"inventory": "partial",
	"scope": "cluster",
	"builtin": false,
	"role": role("web"),
	"unbound_roles": [],
	"subjects": [service_account("shop", "web")],
}

role(name) := {"kind": "ClusterRole", "name": name, "found": false, "grants": [], "reads_only": null}

service_account(namespace, name) := {
	"at": concat("", ["subjects[", name, "]"]),
	"kind": "ServiceAccount",
	"name": name,
	"namespace": namespace,
	"everybody": null,
}

group(name, everybody) := {
	"at": concat("", ["subjects[", name, "]"]),
	"kind": "Group",
	"name": name,
	"namespace": null,
	"everybody": everybody,
}

# The binding of a role of that name to one subject.
of(role_name, subject) := object.union(binding, {"role": role(role_name), "subjects": [subject]})
