# METADATA
# title: Images are scanned for vulnerabilities
# description: >-
#   An image that no scanner has looked into has no known vulnerabilities, which is not the same as having none.
# schemas:
#   - input: schema.image
# custom:
#   severity: medium
#   applies_to: [image]
#   owner: operations
#   remediation: |
#     Install trivy or grype where the check runs, with a database, and do not turn the scan off.
#   frameworks: {nist_800_53: ["RA-5"], nist_800_190: ["4.1.1"], nsa_cisa: ["secure-images"]}
#   aliases: []
package rules.vulnerabilities.not_scanned

deny contains {"msg": msg, "at": "scan"} if {
	input.scan == null
	msg := concat("", [input.text, " was not scanned"])
}

deny contains {"msg": msg, "at": "scan"} if {
	input.scan != null
	count([scanner | some scanner in input.scan.scanners; scanner.failed == null]) == 0
	msg := concat("", [input.text, " was scanned by nothing that worked"])
}
