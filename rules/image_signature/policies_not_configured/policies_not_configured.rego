# METADATA
# title: Verification policies are configured
# description: >-
#   A signature proves nothing until somebody says whose signature counts: anybody can sign.
# schemas:
#   - input: schema.image
# custom:
#   severity: medium
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Name the keys or identities that may sign in compliance.yaml, for each pattern of repositories.
#   frameworks: {slsa: ["verification"]}
#   aliases: []
package rules.image_signature.policies_not_configured

deny contains {"msg": msg, "at": "verification"} if {
	not input.verification.configured
	count(input.signatures) > 0
	msg := concat("", [input.text, " is signed, and no verification policy says whose signature counts"])
}
