# METADATA
# title: What a pipeline includes is named by a commit or version
# description: >-
#   An include without a reference, or by a branch, is whatever that branch holds today. A change over there runs
#   here, with these secrets, and nobody here has seen it.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: medium
#   applies_to: [pipeline]
#   owner: development
#   remediation: |
#     Name a tag that is protected, better a commit:
#     ```yaml
#     include:
#       - project: platform/ci-templates
#         ref: 8f4b7f84864484a7bf31766abe9204da3cbe65b3
#         file: /build.yml
#       - component: gitlab.example.com/platform/scan/trivy@2.1.0
#     ```
#   frameworks: {nist_800_53: [SR-3]}
#   aliases: []
package rules.pipeline.moving_include

deny contains {"msg": msg, "at": include.at} if {
	some include in input.includes
	include.moving == true
	msg := concat("", [include.kind, " ", include.text, " is included by ", _reference(include), ", which moves"])
}

_reference(include) := concat("", ["the reference ", include.ref]) if include.ref != null

_reference(include) := "its default branch" if include.ref == null
