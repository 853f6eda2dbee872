# METADATA
# title: Pods have no debugging containers
# description: >-
#   Somebody attached a container to a running Pod (`kubectl debug`). It can see and change the processes beside it,
#   and the Pod keeps it until it is replaced. What was looked at with it is no longer what was deployed.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: medium
#   applies_to: [live_object]
#   owner: operations
#   remediation: |
#     Replace the Pod when the debugging is over:
#     ```sh
#     kubectl --namespace shop delete pod web-7d4b9c-x2x4p
#     ```
#   frameworks: {nist_800_53: ["CM-3", "SI-7"], pci_dss_4: ["6.5.1", "11.5.2"]}
#   aliases: []
package rules.drift.ephemeral_container

deny contains {"msg": msg, "at": at} if {
	some container in input.workload.ephemeral_containers
	at := concat("", ["ephemeral_containers[", container.name, "]"])
	where := concat(" in Pod ", [container.image, container.pod])
	msg := concat("", ["debugging container ", container.name, " ", _state(container), " ", where])
}

_state(container) := "runs" if container.running

_state(container) := "ran" if not container.running
