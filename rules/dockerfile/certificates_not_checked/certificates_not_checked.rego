# METADATA
# title: Downloads check whom they talk to
# description: >-
#   Without the check of certificates anybody on the way can answer, and what he sends is built into the image. An
#   ENV that turns it off does so for every program in the container, as long as it runs.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile, image]
#   owner: development
#   remediation: |
#     Give the program the certificate that it lacks:
#     ```dockerfile
#     COPY company-ca.crt /usr/local/share/ca-certificates/
#     RUN update-ca-certificates && curl -fsSLO https://internal.example.com/app.tar.gz
#     ```
#   frameworks: {nist_800_190: ["4.2.1"], nist_800_53: [SC-8, SR-3]}
#   aliases: [CKV2_DOCKER_2, CKV2_DOCKER_3, CKV2_DOCKER_4, CKV2_DOCKER_5, CKV2_DOCKER_6, CKV2_DOCKER_12, CKV2_DOCKER_13, CKV2_DOCKER_14, CKV2_DOCKER_15, CKV2_DOCKER_16]
package rules.dockerfile.certificates_not_checked

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	how := {command.certificates_unchecked | some command in run.commands; command.certificates_unchecked != null}
	count(how) > 0
	msg := concat("", [stage.called, " does not check certificates: ", concat(", ", sort(how))])
}

deny contains {"msg": msg, "at": variable.at} if {
	some stage in input.stages
	some variable in array.concat(stage.env, stage.args)
	variable.certificates_unchecked
	msg := concat("", ["variable ", variable.name, " turns the check of certificates off"])
}
