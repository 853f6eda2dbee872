# METADATA
# title: A verification policy covers every image
# description: >-
#   Where policies say whose signature counts, an image that none of them covers may come from anybody. What is not
#   named is denied.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Give the image a policy in compliance.yaml, or correct the pattern of one: patterns match the whole
#     repository with its registry, such as `registry.example.com/shop/**`.
#   frameworks: {nist_800_53: ["CM-14", "SI-7(15)", "SR-11"], nist_800_190: ["4.1.5"], slsa: ["verification"], cis_kubernetes: ["5.5.1"]}
#   aliases: []
package rules.image_signature.policy_missing

deny contains {"msg": msg, "at": "verification"} if {
	input.signatures != null
	input.verification.configured
	input.verification.policy == null
	msg := concat("", [input.text, " is covered by no verification policy"])
}
