# METADATA
# title: Images say which user they run as
# description: >-
#   Without USER the container runs as the base image's user, which is root nearly everywhere: whoever breaks into the process
#   owns every file in the container and is one kernel flaw away from the node.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile, image]
#   owner: development
#   remediation: |
#     Create a user and switch to it, by number, so that Kubernetes can check runAsNonRoot:
#     ```dockerfile
#     RUN addgroup -S app && adduser -S -u 10001 -G app app
#     USER 10001
#     ```
#   frameworks: {nist_800_190: ["4.1.2"], nsa_cisa: [non-root-containers], nist_800_53: [AC-6]}
#   aliases: [CKV_DOCKER_3]
#   params:
#     unprivileged_bases:
#       type: array
#       items: {type: string}
#       default: [nonroot, rootless, unprivileged, cgr.dev/chainguard/]
#       description: parts of references to base images that are known to bring a user other than root
package rules.dockerfile.missing_user

deny contains {"msg": msg, "at": at} if {
	some stage in input.stages
	stage.final
	stage.runnable
	stage.user == null
	not _starts_unprivileged(stage.base_image)
	at := concat("", ["stages[", stage.id, "].user"])
	msg := concat("", [stage.called, " sets no user, so it runs as its base image's, or else as root"])
}

_starts_unprivileged(image) if {
	some part in input.params["dockerfile.missing_user"].unprivileged_bases
	contains(image.normalised, part)
}
