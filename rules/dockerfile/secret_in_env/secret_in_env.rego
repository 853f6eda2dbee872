# METADATA
# title: ARG and ENV hold no secrets
# description: >-
#   ENV is part of the image, and ARG of its history: everyone who can pull the image reads them, and a secret that was once in a
#   layer stays there. The value is never printed.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: high
#   applies_to: [dockerfile, image]
#   owner: security
#   remediation: |
#     Mount the secret while building, and set it from outside while running:
#     ```dockerfile
#     RUN --mount=type=secret,id=npm_token NPM_TOKEN="$(cat /run/secrets/npm_token)" npm ci
#     ```
#     Then change the secret that was written down.
#   frameworks: {nist_800_190: ["4.1.4"], pci_dss_4: ["8.6.2"], nist_800_53: ["IA-5(7)"]}
#   aliases: [DL3064, SecretsUsedInArgOrEnv, DS031, DS-0031, AVD-DS-0031]
#   params:
#     harmless:
#       type: array
#       items: {type: string}
#       default: []
#       description: names that look like a secret's and hold none
package rules.dockerfile.secret_in_env

deny contains {"msg": msg, "at": variable.at} if {
	some variable in _variables
	variable.secret
	not variable.name in input.params["dockerfile.secret_in_env"].harmless
	msg := concat("", ["variable ", variable.name, " writes a secret into the image or its history"])
}

_variables contains variable if some variable in input.args

_variables contains variable if {
	some stage in input.stages
	some variable in array.concat(stage.args, stage.env)
}
