package rules.pod_security.probe_host_test

import data.rules.pod_security.probe_host
import data.testing.pod_security

test_named_host_is_denied if {
	found := probe_host.deny with input as pod_security.differs({"handler_hosts": [{"of": "container web", "at": "containers[web].livenessProbe.httpGet.host", "handler": "livenessProbe", "host": "10.0.0.1"}]})
	found == {{"msg": "container web has a livenessProbe that asks the host 10.0.0.1", "at": "containers[web].livenessProbe.httpGet.host"}}
}

test_pod_in_the_network_of_its_node_is_left_to_another_rule if {
	found := probe_host.deny with input as object.union(pod_security.differs({"handler_hosts": [{"of": "container web", "at": "containers[web].livenessProbe.httpGet.host", "handler": "livenessProbe", "host": "localhost"}]}), {"pod": {"host_network": true}})
	found == set()
}

test_no_host_passes if {
	found := probe_host.deny with input as pod_security.differs({"handler_hosts": []})
	found == set()
}
