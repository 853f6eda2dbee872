# METADATA
# title: Actions of trusted owners are named by a commit too
# description: >-
#   The platform's own actions are less likely to be taken over, but a moved tag changes the build all the same: it is
#   not the one that was reviewed.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: low
#   applies_to: [pipeline]
#   owner: security
#   remediation: |
#     Name the full commit, with the version as a comment:
#     ```yaml
#     - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
#     ```
#   frameworks: {nist_800_53: [SR-3]}
#   aliases: []
#   params:
#     trusted_owners:
#       type: array
#       items: {type: string}
#       default: [actions, github]
#       description: owners of actions whose tags are taken at their word
package rules.pipeline.unpinned_trusted_action

deny contains {"msg": msg, "at": use.at} if {
	some use in _uses
	use.pinned_by_sha == false
	use.owner in input.params["pipeline.unpinned_trusted_action"].trusted_owners
	msg := concat("", [use.text, " is not pinned by a commit"])
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
