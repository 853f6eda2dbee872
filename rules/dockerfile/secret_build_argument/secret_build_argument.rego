# METADATA
# title: Secrets are not passed as build arguments
# description: >-
#   The value of a build argument stands in the history of every layer that a later RUN makes, where everyone who
#   can pull the image reads it. Only stages that are part of the final image count.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: security
#   remediation: |
#     Mount the secret, and hand it over with the build:
#     ```dockerfile
#     RUN --mount=type=secret,id=npm_token NPM_TOKEN="$(cat /run/secrets/npm_token)" npm ci
#     ```
#     ```sh
#     docker build --secret id=npm_token,env=NPM_TOKEN .
#     ```
#   frameworks: {nist_800_190: ["4.1.4"], nist_800_53: ["IA-5(7)"]}
#   aliases: []
package rules.dockerfile.secret_build_argument

deny contains {"msg": msg, "at": arg.at} if {
	some stage in input.stages
	stage.shipped
	some arg in stage.args
	arg.names_secret
	not arg.given
	msg := concat("", ["stage ", stage.id, " takes a secret as a build argument: ", arg.name])
}
