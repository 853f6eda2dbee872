# METADATA
# title: Pods run the image that was declared
# description: >-
#   What runs is not what was built, scanned and signed: the tag was moved before the node pulled it, a node holds
#   another image under the name, or somebody changed the Pod.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: high
#   applies_to: [live_object]
#   owner: security
#   remediation: |
#     Find out how the other image came to the node. Then deploy the digest and replace the Pods:
#     ```sh
#     kubectl --namespace shop rollout restart deployment/web
#     ```
#   frameworks: {nist_800_53: ["CM-2", "CM-3", "SI-7"], pci_dss_4: ["6.5.1", "11.5.2"], nist_800_190: ["4.4.5"]}
#   aliases: []
package rules.drift.running_image_differs

deny contains {"msg": msg, "at": at} if {
	some container in input.workload.containers
	some running in container.running
	running.matches == false
	at := concat("", [container.at, ".image"])
	pods := concat("", [" in Pod ", running.example, " (", format_int(running.pods, 10), " in all)"])
	msg := concat("", ["container ", container.name, " runs ", running.digest, pods, ", and ", _declared(container)])
}

_declared(container) := concat("", [container.declared_digest, " was declared"]) if container.declared_digest != null

_declared(container) := "something else was declared" if container.declared_digest == null
