# METADATA
# title: Images carry signed attestations of how they were built, tested and scanned
# description: >-
#   A signature says who released an image. Attestations say what was done before: from which source it was built, and
#   that its tests and its scan were run. What a policy requires is judged by required_attestation_missing.
# schemas:
#   - input: schema.image
# custom:
#   severity: medium
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Attest in the pipeline what each step found:
#     ```sh
#     cosign attest --key cosign.key --type slsaprovenance1 --predicate provenance.json
#     registry.example.com/web@sha256:…
#     cosign attest --key cosign.key --type vuln --predicate scan.json registry.example.com/web@sha256:…
#     ```
#   frameworks: {nist_800_53: ["SR-4"], slsa: ["build-l1", "distribution"]}
#   aliases: []
#   params:
#     types:
#       type: array
#       items: {"type": "string", "enum": ["provenance", "test", "scan", "sbom", "vsa"]}
#       default: ["provenance", "test", "scan"]
#       description: what every image must have attested
package rules.image_signature.attestation_missing

deny contains {"msg": msg, "at": at} if {
	input.attestations != null
	some type in input.params["image_signature.attestation_missing"].types
	count({1 | some attestation in input.attestations; attestation.type == type; _counts(attestation)}) == 0
	count({1 | some wanted in input.verification.policy.attestations; wanted.type == type}) == 0
	at := concat("", ["attestations[", type, "]"])
	msg := concat("", [input.text, " has no ", type, " attestation that can be trusted"])
}

_counts(attestation) if {
	attestation.verified != false
	attestation.trusted != false
}
