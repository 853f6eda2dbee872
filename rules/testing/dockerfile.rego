# Facts of a stage that no rule objects to; tests change one thing at a time.
package testing.dockerfile

_stage := {
	"id": "final",
	"name": null,
	"final": true,
	"shipped": true,
	"runnable": true,
	"base": {"text": "alpine:3.20", "unresolved": false, "unset": [], "kind": "image", "at": "stages[final].base"},
	"base_image": {"text": "alpine:3.20", "normalised": "docker.io/library/alpine:3.20"},
	"user": {"text": "10001", "name": "10001", "root": false, "at": "stages[final].user"},
	"healthcheck": {"disabled": false, "form": "shell", "command": "curl -f http://localhost/"},
	"args": [],
	"env": [],
	"copies": [],
	"runs": [],
}

# The last stage of a file, changed by the JSON patch.
stage(patch) := json.patch(_stage, patch)

# A RUN with one command of a package manager, some of whose facts are changed.
run(changes) := {
	"mounts": [],
	"packages": [object.union(_command, changes)],
	"at": "stages[final].runs[apk add curl]",
}

_command := {
	"manager": "apk",
	"program": "apk",
	"action": "install",
	"operation": "add",
	"packages": [{"text": "curl=8.9.1-r1", "name": "curl", "pinned": true}],
	"keeps_index": false,
}

# An image that the last stage builds on.
used(text, tag, digest) := {
	"stage": "final",
	"instruction": "FROM",
	"image": {"text": text, "tag": tag, "digest": digest},
	"at": "stages[final].base",
}
