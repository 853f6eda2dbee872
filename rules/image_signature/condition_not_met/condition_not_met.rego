# METADATA
# title: Attestations meet the conditions of the policy
# description: >-
#   A condition on a predicate, such as no critical vulnerability in an attested scan, is why the attestation was
#   required.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Mend what the condition is about, and attest anew. `compliance verify` shows the predicate.
#   frameworks: {nist_800_53: ["SR-3"], slsa: ["verification"]}
#   aliases: []
package rules.image_signature.condition_not_met

deny contains {"msg": msg, "at": at} if {
	some attestation in input.attestations
	_counts(attestation)
	some condition in attestation.conditions
	condition.holds == false
	not attestation.predicate_type in _met
	at := concat("", ["attestations[", attestation.predicate_type, "].conditions[", condition.text, "]"])
	msg := concat("", [input.text, " has a ", attestation.type, " attestation that does not meet the condition ", condition.text])
}

# One attestation of a type that meets all conditions is enough. That one may meet them is a gap, and no finding.
_met contains attestation.predicate_type if {
	some attestation in input.attestations
	_counts(attestation)
	every condition in attestation.conditions { condition.holds != false }
}

_counts(attestation) if {
	attestation.latest
	attestation.trusted == true
}
