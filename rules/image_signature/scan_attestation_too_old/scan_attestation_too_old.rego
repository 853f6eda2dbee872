# METADATA
# title: Attested scans are recent
# description: >-
#   An attested scan tells what was known on that day. Vulnerabilities are published every day, and the image does not
#   change.
# schemas:
#   - input: schema.image
# custom:
#   severity: low
#   applies_to: [image]
#   owner: operations
#   remediation: |
#     Scan again on a schedule, also what is running, and attest each result:
#     ```sh
#     cosign attest --replace --key cosign.key --type vuln --predicate scan.json registry.example.com/web@sha256:…
#     ```
#   frameworks: {nist_800_53: ["RA-5"], nist_800_190: ["4.1.1"]}
#   aliases: []
#   params:
#     max_age_days:
#       type: integer
#       minimum: 0
#       default: 30
#       description: how many days old an attested scan may be
package rules.image_signature.scan_attestation_too_old

deny contains {"msg": msg, "at": attestation.at} if {
	some attestation in input.attestations
	_counts(attestation)
	attestation.age_days != null
	attestation.age_days > input.params["image_signature.scan_attestation_too_old"].max_age_days
	msg := concat("", ["the attested scan of ", input.text, " is ", format_int(attestation.age_days, 10), " days old"])
}

deny contains {"msg": msg, "at": attestation.at} if {
	some attestation in input.attestations
	_counts(attestation)
	attestation.age_days == null
	msg := concat("", ["the attested scan of ", input.text, " does not tell when it was made"])
}

_counts(attestation) if {
	attestation.type == "scan"
	attestation.latest
	attestation.verified != false
	attestation.trusted != false
}
