# METADATA
# title: Images carry the attestations that their policy requires
# description: >-
#   A policy that requires an attestation of a type is not satisfied by a signature, nor by an attestation of another
#   type.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Attest the predicate in the pipeline, signed by one of the policy's signers:
#     ```sh
#     cosign attest --key cosign.key --type slsaprovenance1 --predicate provenance.json
#     registry.example.com/web@sha256:…
#     ```
#   frameworks: {nist_800_53: ["SR-4"], slsa: ["build-l1", "distribution", "build-l2", "verification"]}
#   aliases: []
package rules.image_signature.required_attestation_missing

deny contains {"msg": msg, "at": at} if {
	input.attestations != null
	policy := input.verification.policy
	some required in policy.attestations
	count([1 | some found in input.attestations; found.predicate_type == required.predicate_type; found.trusted == true]) == 0
	at := concat("", ["attestations[", required.predicate_type, "]"])
	wanted := concat(" of type ", [required.type, required.predicate_type])
	msg := concat("", [input.text, " has no trusted attestation for ", wanted, ", which the policy ", policy.name, " requires"])
}
