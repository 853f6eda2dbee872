# METADATA
# title: apt installs only what is asked for
# description: >-
#   apt adds every package that another recommends: the image grows, and holds programs that nobody chose and that
#   have flaws of their own.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: info
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Say so:
#     ```dockerfile
#     RUN apt-get install -y --no-install-recommends curl=7.88.1-10
#     ```
#   frameworks: {nist_800_190: ["4.1.2"]}
#   aliases: [DL3015, DS-0029]
package rules.dockerfile.recommended_packages

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	some command in run.packages
	command.action == "install"
	command.recommends == true
	msg := concat("", ["stage ", stage.id, " installs what apt only recommends"])
}
