# METADATA
# title: Tags still name the image that runs
# description: >-
#   The tag was pushed again. The next Pod, on a new node or after a restart, runs something else than the others,
#   without any rollout that could be watched or undone.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: medium
#   applies_to: [live_object]
#   owner: operations
#   remediation: |
#     Pin the digest that runs now, then roll out the new version on purpose:
#     ```yaml
#     image: registry.example.com/web:v1.2.0@sha256:…
#     ```
#   frameworks: {nist_800_53: ["CM-2", "CM-3"], nist_800_190: ["4.2.2"]}
#   aliases: []
package rules.drift.tag_moved_since_deployment

deny contains {"msg": msg, "at": at} if {
	some container in input.workload.containers
	container.tag.moved == true
	at := concat("", [container.at, ".image"])
	msg := concat("", ["container ", container.name, " runs an image that ", container.image, " does not name any more"])
}
