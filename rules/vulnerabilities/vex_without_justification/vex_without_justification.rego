# METADATA
# title: Vulnerabilities are ruled out with a reason
# description: >-
#   A VEX statement closes a vulnerability for every later scan. Without a reason nobody can tell later whether it
#   still holds.
# schemas:
#   - input: schema.image
# custom:
#   severity: low
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Add the reason to the statement:
#     ```json
#     {"status": "not_affected", "justification": "vulnerable_code_not_in_execute_path"}
#     ```
#   frameworks: {nist_800_53: ["RA-5"], pci_dss_4: ["6.3.1"]}
#   aliases: []
package rules.vulnerabilities.vex_without_justification

deny contains {"msg": msg, "at": vulnerability.at} if {
	some vulnerability in input.scan.vulnerabilities
	vulnerability.vex.status == "not_affected"
	vulnerability.vex.justification in {null, ""}
	who := concat(" in ", [vulnerability.id, vulnerability.package])
	msg := concat("", [who, " is said not to affect the image, without a reason"])
}
