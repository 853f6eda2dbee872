package rules.pipeline.signed_before_push_test

import data.rules.pipeline.signed_before_push
import data.testing.pipeline

_sign(publish) := pipeline.with_acts([pipeline.act({"kind": "sign", "order": {"publish": publish}})])

test_signing_before_the_push_is_denied if {
	found := signed_before_push.deny with input as _sign("after")
	found == {{
		"msg": "job release signs registry.example.com/web:v1.2.0 before it is pushed",
		"at": "jobs[release].script[docker build .]",
	}}
}

test_signing_after_the_push_passes if {
	found := signed_before_push.deny with input as _sign("before")
	found == set()
}

test_signing_what_was_pushed_elsewhere_passes if {
	found := signed_before_push.deny with input as _sign("none")
	found == set()
}

test_building_before_the_push_passes if {
	found := signed_before_push.deny with input as pipeline.with_acts([pipeline.act({"order": {"publish": "after"}})])
	found == set()
}
