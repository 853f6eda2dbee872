# METADATA
# title: Vulnerabilities have a severity
# description: >-
#   A vulnerability that nobody has rated yet is often a fresh one. It passes every threshold, so somebody has to look
#   at it.
# schemas:
#   - input: schema.image
# custom:
#   severity: low
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Read the advisory and rate it. If the image is not affected, say so in a VEX document, with the reason.
#   frameworks: {nist_800_53: ["RA-5"], pci_dss_4: ["6.3.1"]}
#   aliases: []
package rules.vulnerabilities.unrated

deny contains {"msg": msg, "at": vulnerability.at} if {
	some vulnerability in input.scan.vulnerabilities
	vulnerability.open
	vulnerability.severity == "unknown"
	has := concat(" ", [vulnerability.package, vulnerability.version, "has", vulnerability.id])
	msg := concat("", [has, ", which nobody has rated"])
}
