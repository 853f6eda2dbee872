# METADATA
# title: Pipelines hold no secrets in clear
# description: >-
#   Whoever can read the repository has the secret, and so has every clone of it, for good. The value is never printed
#   here. Values that look made for a test are let pass.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: high
#   applies_to: [pipeline]
#   owner: security
#   remediation: |
#     Keep the secret in the system's own store, and name it:
#     ```yaml
#     env:
#       DEPLOY_TOKEN: ${{ secrets.DEPLOY_TOKEN }}
#     ```
#     Then change the secret that was written down.
#   frameworks: {nist_800_53: [IA-5, "IA-5(7)"], pci_dss_4: ["8.6.2"]}
#   aliases: []
#   params:
#     harmless:
#       type: array
#       items: {type: string}
#       default: []
#       description: names that look like a secret's and hold none
package rules.pipeline.secret_in_variables

deny contains {"msg": msg, "at": variable.at} if {
	some variable in _variables
	variable.secret
	not variable.name in input.params["pipeline.secret_in_variables"].harmless
	msg := concat("", ["variable ", variable.name, " holds a secret in clear"])
}

_variables contains variable if some variable in input.variables

_variables contains variable if some variable in input.jobs[_].variables

_variables contains variable if some variable in input.jobs[_].steps[_].variables
