# METADATA
# title: CMD, ENTRYPOINT and HEALTHCHECK stand once in a stage
# description: >-
#   Only the last one counts, and no builder says so: whoever reads the first believes that it is what runs. Mostly
#   two versions of a file were merged.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Keep the one that is meant:
#     ```dockerfile
#     ENTRYPOINT ["/usr/local/bin/app"]
#     CMD ["serve"]
#     ```
#   frameworks: {}
#   aliases: [DL3012, DL4003, DL4004, DS-0007, DS-0016, DS-0023, MultipleInstructionsDisallowed]
package rules.dockerfile.repeated_instruction

deny contains {"msg": msg, "at": again.at} if {
	some stage in input.stages
	some again in stage.repeated
	msg := concat("", ["stage ", stage.id, " has more than one ", again.instruction, ", of which only the last counts"])
}
