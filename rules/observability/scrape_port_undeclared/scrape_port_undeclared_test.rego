package rules.observability.scrape_port_undeclared_test

import data.rules.observability.scrape_port_undeclared
import data.testing.pod_security

test_port_that_nobody_declares_is_denied if {
	found := scrape_port_undeclared.deny with input as pod_security.deployment({"observability": {"scrape": {"at": "spec.template.metadata.annotations[prometheus.io/port]", "port": "9090", "number": 9090}}})
	found == {{"msg": "port 9090 is to be scraped, which no container declares", "at": "spec.template.metadata.annotations[prometheus.io/port]"}}
}

test_declared_port_passes if {
	found := scrape_port_undeclared.deny with input as pod_security.deployment({"observability": {"scrape": {"at": "spec.template.metadata.annotations[prometheus.io/port]", "port": "8080", "number": 8080}}})
	found == set()
}

test_no_port_by_number_passes if {
	found := scrape_port_undeclared.deny with input as pod_security.deployment({"observability": {"scrape": {"at": "spec.template.metadata.annotations[prometheus.io/port]", "port": "metrics", "number": null}}})
	found == set()
}

test_pod_that_declares_no_ports_passes if {
	found := scrape_port_undeclared.deny with input as object.union(pod_security.deployment({"observability": {"scrape": {"at": "spec.template.metadata.annotations[prometheus.io/port]", "port": "9090", "number": 9090}}}), {"containers": [object.union(pod_security.container({}), {"ports": []})]})
	found == set()
}

test_pod_that_is_not_scraped_passes if {
	found := scrape_port_undeclared.deny with input as pod_security.deployment({"observability": {"scrape": null}})
	found == set()
}
