# METADATA
# title: Moving tags are pulled at each start
# description: >-
#   A node that has the image of a moving tag keeps what it pulled first, so the same Pod runs different code from node to node.
#   A version or a digest makes the policy moot: prefer that.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Name the version; where the tag must move, pull it always:
#     ```yaml
#     imagePullPolicy: Always
#     ```
#   frameworks: {nist_800_190: ["4.2.2"]}
#   aliases: [C-0075]
#   params:
#     mutable_tags:
#       type: array
#       items: {type: string}
#       default: [latest, stable, edge, main, master, dev, develop, nightly, canary, test, staging, prod, production]
#       description: tags that move
package rules.versioned_tags.stale_pull_policy

deny contains {"msg": msg, "at": at} if {
	some container in input.containers
	container.image.valid
	container.image.digest == null
	_tag(container.image) in input.params["versioned_tags.stale_pull_policy"].mutable_tags
	container.image_pull_policy in {"IfNotPresent", "Never"}
	at := concat("", [container.at, ".imagePullPolicy"])
	msg := concat("", ["container ", container.name, " keeps what a node pulled first of ", container.image.text, " (", container.image_pull_policy, ")"])
}

_tag(image) := image.tag if image.tag != null

_tag(image) := "latest" if image.tag == null
