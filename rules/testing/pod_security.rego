# Facts of a workload that no rule of pod_security or observability objects to; tests change one thing at a time.
package testing.pod_security

import data.testing.workload

# A Deployment that differs in this: objects are merged, lists replaced.
deployment(difference) := object.union(_deployment, difference)

# The container web, with a security context that differs in this.
container(difference) := object.union(workload.container, {"security_context": object.union(_context, difference)})

# Facts of the Pod's security that differ in this.
differs(difference) := deployment({"pod_security": difference})

# A setting that the Pod makes.
setting(at, value, allowed) := {"of": "the Pod", "at": at, "value": value, "allowed": allowed}

_deployment := object.union(workload.deployment([]), {
	"labels": {"team": "shop"},
	"annotations": {"runbook": "https://runbooks.example.com/web"},
	"pod": {"volumes": [], "annotations": {}},
	"containers": [container({})],
	"pod_security": {
		"asks": {
			"privilege_escalation": true,
			"capabilities": true,
			"seccomp": true,
			"non_root": true,
			"non_root_user": true,
			"masked_proc": true,
		},
		"windows": false,
		"user_namespace": false,
		"share_process_namespace": false,
		"service_account": {"name": "web", "automount": false},
		"contexts": [pod_context({}), container_context({})],
		"users": [],
		"groups": [],
		"capabilities": [],
		"app_armor": [],
		"without_app_armor": [],
		"seccomp": [],
		"selinux": [],
		"sysctls": [],
		"handler_hosts": [],
		"host_paths": [],
	},
	"observability": {
		"log_formats": [],
		"log_files": [],
		"log_volumes": [],
		"metrics_ports": [],
		"scraped_by": [],
		"scrape": null,
	},
})

# What the Pod sets itself.
pod_context(difference) := object.union(
	{
		"of": "the Pod",
		"at": "spec.template.spec.securityContext",
		"run_as_non_root": true,
		"run_as_user": 10001,
		"host_process": false,
	},
	difference,
)

# What the container web sets itself.
container_context(difference) := object.union(
	{
		"of": "container web",
		"at": "containers[web].securityContext",
		"run_as_non_root": null,
		"run_as_user": null,
		"host_process": false,
	},
	difference,
)

_context := {
	"run_as_non_root": {"value": true, "level": "pod"},
	"run_as_user": {"value": 10001, "level": "pod"},
	"run_as_group": {"value": 10001, "level": "pod"},
	"privileged": {"value": null, "level": null},
	"allow_privilege_escalation": {"value": false, "level": "container"},
	"read_only_root_filesystem": {"value": true, "level": "container"},
	"proc_mount": {"value": null, "level": null},
	"seccomp_profile": {"value": "RuntimeDefault", "level": "pod"},
	"capabilities": {"add": [], "drop": ["ALL"]},
}
