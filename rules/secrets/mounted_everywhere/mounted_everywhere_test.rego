package rules.secrets.mounted_everywhere_test

import data.rules.secrets.mounted_everywhere
import data.testing.workload

_mounting(volumes) := object.union(workload.deployment([]), {"secrets": {"mounted_everywhere": volumes}})

test_secret_in_every_container_is_denied if {
	found := mounted_everywhere.deny with input as _mounting([{"secret": "db-v1", "volume": "db"}])
	found == {{"msg": "secret db-v1 is mounted in every container", "at": "spec.template.spec.volumes[db]"}}
}

test_secret_in_some_containers_passes if {
	found := mounted_everywhere.deny with input as _mounting([])
	found == set()
}
