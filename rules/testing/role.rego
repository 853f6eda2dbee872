# Facts of a ClusterRole that no rule objects to; tests change one thing at a time.
package testing.role

role := {
	"kind": "ClusterRole",
	"name": "web",
	"namespace": null,
	"inventory": "partial",
	"scope": "cluster",
	"cluster_wide": true,
	"aggregated": false,
	"builtin": false,
	"bound_by": ["ClusterRoleBinding/web"],
	"rules": [],
	"grants": [],
}

# The ClusterRole with one grant, as the text says it.
granting(name, text) := object.union(role, {"grants": [{"name": name, "at": "rules[0]", "text": text}]})

# The same, but bound in namespaces only.
granting_in_namespaces(name, text) := object.union(granting(name, text), {"cluster_wide": false})
