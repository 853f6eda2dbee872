package rules.pipeline.privileged_container_test

import data.rules.pipeline.privileged_container
import data.testing.pipeline

_file(privileged) := pipeline.with_job({"images": [{
	"role": "service",
	"privileged": privileged,
	"image": pipeline.image({"text": "docker:29-dind"}),
	"at": "jobs[release].images[docker]",
}]})

test_privileged_service_is_denied if {
	found := privileged_container.deny with input as _file(true)
	found == {{
		"msg": "job release needs a privileged container for docker:29-dind",
		"at": "jobs[release].images[docker]",
	}}
}

test_ordinary_service_passes if {
	found := privileged_container.deny with input as _file(false)
	found == set()
}
