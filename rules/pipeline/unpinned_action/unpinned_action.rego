# METADATA
# title: Actions and workflows of others are named by a commit
# description: >-
#   A tag or branch of an action is what its owner, or whoever took over the account, says it is today; it runs with
#   this workflow's token and secrets. In 2025 one such tag was moved, and printed the secrets of thousands of
#   repositories.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: medium
#   applies_to: [pipeline]
#   owner: security
#   remediation: |
#     Name the full commit, with the version as a comment, and let a bot keep both current:
#     ```yaml
#     - uses: docker/build-push-action@10e90e3645eae34f1e60eeb005ba3a3d33f178e8 # v6.19.2
#     ```
#   frameworks: {nist_800_53: [SR-3, SR-11]}
#   aliases: [unpinned-uses]
#   params:
#     trusted_owners:
#       type: array
#       items: {type: string}
#       default: [actions, github]
#       description: owners of actions whose tags are taken at their word
#     tag_only:
#       type: array
#       items: {type: string}
#       default: [slsa-framework/slsa-github-generator]
#       description: actions that work by tag only, because they check it themselves
package rules.pipeline.unpinned_action

deny contains {"msg": msg, "at": use.at} if {
	some use in _uses
	use.pinned_by_sha == false
	params := input.params["pipeline.unpinned_action"]
	not use.owner in params.trusted_owners
	not use.name in params.tag_only
	msg := concat("", [use.text, " is not pinned by a commit: whoever owns it decides what runs here"])
}

_uses contains use if {
	some job in input.jobs
	some use in [job.uses]
	use != null
}

_uses contains use if {
	some step in input.jobs[_].steps
	some use in [step.uses]
	use != null
}
