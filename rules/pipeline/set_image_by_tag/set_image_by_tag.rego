# METADATA
# title: A deployment is given its image by digest
# description: >-
#   A tag is looked up anew by every node that starts a Pod: what runs is what the tag names then, not what the
#   pipeline tested. It is a change that Git does not know, too, and the next apply may undo it.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: low
#   applies_to: [pipeline]
#   owner: operations
#   remediation: |
#     Give the digest, or better commit it to the manifest and apply that:
#     ```yaml
#     - kubectl set image deployment/web web=registry.example.com/web@${DIGEST}
#     ```
#   frameworks: {nist_800_53: [CM-3]}
#   aliases: []
package rules.pipeline.set_image_by_tag

deny contains {"msg": msg, "at": act.at} if {
	some act in input.jobs[_].steps[_].acts
	act.kind == "set_image"
	act.image.by in {"tag", "none"}
	msg := concat("", ["job ", act.job, " sets the image ", act.image.text, " by its tag"])
}
