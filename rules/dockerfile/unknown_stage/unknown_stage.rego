# METADATA
# title: COPY and RUN take files from stages that exist
# description: >-
#   BuildKit takes a name that is no stage above for an image on Docker Hub: a mistyped stage pulls a stranger's image, if there
#   is one by that name, and its files end up in yours.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Name a stage above, or an image with its version:
#     ```dockerfile
#     COPY --from=builder /app /app
#     COPY --from=docker.io/library/busybox:1.36.1 /bin/wget /bin/wget
#     ```
#   frameworks: {nist_800_190: ["4.1.5"], nist_800_53: [SR-3]}
#   aliases: [DL3022, DL3023, DS-0006]
#   params:
#     build_contexts:
#       type: array
#       items: {type: string}
#       default: []
#       description: names that your builds pass with --build-context or in a bake file
package rules.dockerfile.unknown_stage

deny contains {"msg": msg, "at": copy.at} if {
	some stage in input.stages
	some copy in stage.copies
	_unknown(copy.from)
	msg := concat("", ["stage ", stage.id, " copies from ", copy.from.text, ", which is no stage above it"])
}

deny contains {"msg": msg, "at": at} if {
	some stage in input.stages
	some run in stage.runs
	some mount in run.mounts
	_unknown(mount.from)
	at := concat("", [run.at, ".mounts[", mount.from.text, "]"])
	msg := concat("", ["stage ", stage.id, " mounts from ", mount.from.text, ", which is no stage above it"])
}

_unknown(source) if {
	source.kind == "name"
	not source.text in input.params["dockerfile.unknown_stage"].build_contexts
}
