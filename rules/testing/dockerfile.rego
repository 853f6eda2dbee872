# Facts of a stage that no rule objects to; tests change one thing at a time.
package testing.dockerfile

_stage := {
	"id": "final",
	"called": "stage final",
	"windows": false,
	"name": null,
	"name_taken": false,
	"final": true,
	"shipped": true,
	"runnable": true,
	"platform": null,
	"base": {"text": "alpine:3.20", "unresolved": false, "unset": [], "kind": "image", "at": "stages[final].base"},
	"base_image": {
		"text": "alpine:3.20",
		"name": "docker.io/library/alpine",
		"tag": "3.20",
		"normalised": "docker.io/library/alpine:3.20",
	},
	"user": {"text": "10001", "name": "10001", "root": false, "at": "stages[final].user"},
	"healthcheck": {"disabled": false, "form": "shell", "command": "curl -f http://localhost/"},
	"entrypoint": null,
	"cmd": null,
	"shell": null,
	"maintainer": null,
	"args": [],
	"env": [],
	"copies": [],
	"runs": [],
	"ports": [],
	"volumes": [],
	"workdirs": [],
	"repeated": [],
}

# The last stage of a file, changed by the JSON patch.
stage(patch) := json.patch(_stage, patch)

# A file of one stage, one key of which has another value.
file(key, value) := {"stages": [object.union(_stage, {key: value})]}

# A RUN with one command of a package manager, some of whose facts are changed.
run(changes) := {
	"mounts": [],
	"commands": [],
	"packages": [object.union(_install, changes)],
	"secrets": [],
	"at": "stages[final].runs[apk add curl]",
}

_install := {
	"manager": "apk",
	"program": "apk",
	"action": "install",
	"operation": "add",
	"packages": [{"text": "curl=8.9.1-r1", "name": "curl", "pinned": true}],
	"keeps_cache": false,
	"removed": false,
	"asks": false,
	"recommends": null,
	"index_unused": false,
}

# A file of one stage that runs one command, some of whose facts are changed.
runs(changes) := file("runs", [{
	"mounts": [],
	"commands": [command(changes)],
	"packages": [],
	"secrets": [],
	"at": "stages[final].runs[do]",
}])

# A simple command that does nothing of note.
command(changes) := object.union(
	{
		"words": ["do"],
		"text": "do",
		"before": [],
		"failure_hidden": false,
		"runs_download": false,
		"certificates_unchecked": null,
		"signatures_unchecked": null,
		"permission": null,
	},
	changes,
)

# A CMD or ENTRYPOINT of the last stage that starts one command, some of whose facts are changed.
start(form, changes) := {
	"form": form,
	"text": "do",
	"commands": [command(changes)],
	"at": "stages[final].cmd",
	"stage": "final",
}

# A file of one stage with one COPY, some of whose facts are changed.
copies(changes) := file("copies", [object.union(
	{
		"instruction": "COPY",
		"sources": [{"text": "app", "kind": "local", "archive": false, "everything": false, "secrecy": null}],
		"destination": "/opt/",
		"relative": false,
		"workdir": null,
		"permission": null,
		"from": null,
		"excludes": [],
		"flags": {},
		"heredocs": [],
		"at": "stages[final].copies[app /opt/]",
	},
	changes,
)])

# An image that the last stage builds on.
used(text, tag, digest) := {
	"stage": "final",
	"instruction": "FROM",
	"image": {"text": text, "name": "docker.io/library/alpine", "tag": tag, "digest": digest},
	"at": "stages[final].base",
}
