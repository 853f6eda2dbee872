# Facts of a pipeline that no rule objects to; tests change one thing at a time.
package testing.pipeline

_image := {
	"text": "registry.example.com/web:v1.2.0",
	"name": "registry.example.com/web",
	"tag": "v1.2.0",
	"digest": null,
	"by": "tag",
}

_act := {
	"kind": "build",
	"tool": "docker",
	"image": _image,
	"gates": true,
	"changes": false,
	"copied": false,
	"only_protected": true,
	"order": {"scan": "before", "publish": "before", "sign": "none", "verify": "before"},
	"promoted": false,
	"text": "docker build .",
	"job": "release",
	"at": "jobs[release].script[docker build .]",
}

_step := {
	"name": "docker build .",
	"at": "jobs[release].script[docker build .]",
	"uses": null,
	"acts": [],
	"prints": [],
	"variables": [],
	"injections": [],
	"checks_out_foreign_code": false,
}

_job := {
	"name": "release",
	"images": [],
	"permissions": null,
	"variables": [],
	"uses": null,
	"steps": [],
	"at": "jobs[release]",
}

_file := {
	"system": "gitlab",
	"complete": true,
	"scanned_elsewhere": false,
	"triggers": [],
	"permissions": null,
	"includes": [],
	"variables": [],
	"jobs": [],
}

# One image, some of whose facts are changed.
image(changes) := object.union(_image, changes)

# What one command does, some of whose facts are changed.
act(changes) := object.union(_act, changes)

# A step, some of whose facts are changed.
step(changes) := object.union(_step, changes)

# A pipeline with one job that has this one step.
with_step(changes) := with_job({"steps": [step(changes)]})

# A pipeline with one job, some of whose facts are changed.
with_job(changes) := file({"jobs": [object.union(_job, changes)]})

# A pipeline with one step that does all this.
with_acts(acts) := with_step({"acts": acts})

# A pipeline, some of whose facts are changed.
file(changes) := object.union(_file, changes)

# A use of a ready-made action.
use(owner, ref, pinned) := {
	"text": concat("", [owner, "/build@", ref]),
	"kind": "action",
	"owner": owner,
	"name": concat("", [owner, "/build"]),
	"ref": ref,
	"pinned_by_sha": pinned,
	"at": "jobs[release].steps[Build].uses",
}
