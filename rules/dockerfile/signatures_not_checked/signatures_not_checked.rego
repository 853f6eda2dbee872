# METADATA
# title: Packages are installed only if their signature is good
# description: >-
#   The signature is what says that a package comes from its distributor: without the check, a mirror that was
#   broken into, or anybody on the way, chooses what is installed.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Add the key of the repository instead:
#     ```dockerfile
#     COPY example.rsa.pub /etc/apk/keys/
#     RUN apk add --no-cache --repository https://example.com/apk app=1.4.2-r0
#     ```
#   frameworks: {nist_800_190: ["4.1.5"], nist_800_53: [CM-14, SR-11]}
#   aliases: [CKV2_DOCKER_7, CKV2_DOCKER_8, CKV2_DOCKER_9, CKV2_DOCKER_10, CKV2_DOCKER_11]
package rules.dockerfile.signatures_not_checked

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	how := {command.signatures_unchecked | some command in run.commands; command.signatures_unchecked != null}
	count(how) > 0
	msg := concat("", ["stage ", stage.id, " does not check signatures of packages: ", concat(", ", sort(how))])
}
