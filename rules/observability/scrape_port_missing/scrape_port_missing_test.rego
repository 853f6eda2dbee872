package rules.observability.scrape_port_missing_test

import data.rules.observability.scrape_port_missing
import data.testing.pod_security

_ports(list) := object.union(pod_security.container({}), {"ports": list})

_port(name) := {"name": name, "container_port": 8080, "host_port": null, "protocol": "TCP"}

test_two_ports_and_no_word_are_denied if {
	found := scrape_port_missing.deny with input as object.union(pod_security.deployment({"observability": {"scrape": {"at": "spec.template.metadata.annotations[prometheus.io/port]", "port": null, "number": null}}}), {"containers": [_ports([_port("http"), _port("metrics")])]})
	found == {{"msg": "the Pod is to be scraped, and nothing says on which port", "at": "spec.template.metadata.annotations[prometheus.io/port]"}}
}

test_no_ports_and_no_word_are_denied if {
	found := scrape_port_missing.deny with input as object.union(pod_security.deployment({"observability": {"scrape": {"at": "spec.template.metadata.annotations[prometheus.io/port]", "port": null, "number": null}}}), {"containers": [_ports([])]})
	found == {{"msg": "the Pod is to be scraped, and nothing says on which port", "at": "spec.template.metadata.annotations[prometheus.io/port]"}}
}

test_one_port_needs_no_word if {
	found := scrape_port_missing.deny with input as pod_security.deployment({"observability": {"scrape": {"at": "spec.template.metadata.annotations[prometheus.io/port]", "port": null, "number": null}}})
	found == set()
}

test_port_that_is_named_passes if {
	found := scrape_port_missing.deny with input as object.union(pod_security.deployment({"observability": {"scrape": {"at": "spec.template.metadata.annotations[prometheus.io/port]", "port": "8080", "number": 8080}}}), {"containers": [_ports([_port("http"), _port("metrics")])]})
	found == set()
}

test_pod_that_is_not_scraped_passes if {
	found := scrape_port_missing.deny with input as object.union(pod_security.deployment({"observability": {"scrape": null}}), {"containers": [_ports([])]})
	found == set()
}
