# METADATA
# title: The user is a number
# description: >-
#   Kubernetes cannot tell whether a user by name is root: a Pod with runAsNonRoot does not start, unless its
#   manifest repeats the number. A number needs no entry in /etc/passwd either.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: info
#   applies_to: [dockerfile, image]
#   owner: development
#   remediation: |
#     Give the number:
#     ```dockerfile
#     RUN addgroup -S -g 10001 app && adduser -S -u 10001 -G app app
#     USER 10001:10001
#     ```
#   frameworks: {nsa_cisa: [non-root-containers]}
#   aliases: [DL3066]
package rules.dockerfile.user_by_name

deny contains {"msg": msg, "at": stage.user.at} if {
	some stage in input.stages
	stage.final
	stage.user.root == false
	not regex.match(`^[0-9]+$`, stage.user.name)
	not regex.match(`(?i)^container(user|administrator)$`, stage.user.name)
	stage.windows == false # which has names only
	msg := concat("", [stage.called, " runs as ", stage.user.name, ", which Kubernetes cannot tell from root"])
}
