package rules.data_separation.host_path_volume_test

import data.rules.data_separation.host_path_volume

test_folder_of_a_node_is_denied if {
	found := host_path_volume.deny with input as {"name": "db", "host_path": "/srv/db"}
	found == {{"msg": "volume db is the folder /srv/db of a node", "at": "spec.hostPath"}}
}

test_other_volume_passes if {
	found := host_path_volume.deny with input as {"name": "db", "host_path": null}
	found == set()
}
