package rules.observability.metrics_not_scraped_test

import data.rules.observability.metrics_not_scraped
import data.testing.pod_security

_port := {"of": "container web", "at": "containers[web].ports[metrics]", "name": "metrics"}

test_port_that_nobody_reads_is_denied if {
	found := metrics_not_scraped.deny with input as pod_security.deployment({"observability": {"metrics_ports": [_port], "scraped_by": []}})
	found == {{"msg": "container web has a port metrics, and nothing among what was read has it scraped", "at": "containers[web].ports[metrics]"}}
}

test_port_with_a_monitor_passes if {
	found := metrics_not_scraped.deny with input as pod_security.deployment({"observability": {"metrics_ports": [_port], "scraped_by": ["PodMonitor/web"]}})
	found == set()
}

test_no_such_port_passes if {
	found := metrics_not_scraped.deny with input as pod_security.deployment({"observability": {"metrics_ports": []}})
	found == set()
}
