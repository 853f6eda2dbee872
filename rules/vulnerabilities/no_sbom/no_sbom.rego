# METADATA
# title: Images have a bill of materials
# description: >-
#   When the next big vulnerability is published, the question is which images hold the package. With bills of
#   materials it is answered in minutes and without the images.
# schemas:
#   - input: schema.image
# custom:
#   severity: low
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Make one in the build and attach it, signed:
#     ```sh
#     trivy image --format cyclonedx --output sbom.json registry.example.com/web@sha256:…
#     cosign attest --key cosign.key --type cyclonedx --predicate sbom.json registry.example.com/web@sha256:…
#     ```
#   frameworks: {nist_800_53: ["CM-8", "SR-4"]}
#   aliases: []
package rules.vulnerabilities.no_sbom

deny contains {"msg": msg, "at": "sbom"} if {
	input.sbom.present == false
	msg := concat("", [input.text, " has no bill of materials"])
}
