# METADATA
# title: Images have no high vulnerability that a newer package mends
# description: >-
#   A vulnerability of high severity gives an attacker much, though he may need luck or a foothold. A fix is there: a
#   rebuild with the newer package ends it.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Rebuild on an updated base image, or raise the version of the package in the build, and release the new
#     image. If the image is not affected, say so in a VEX document, with the reason.
#   frameworks: {nist_800_53: ["RA-5", "SI-2"], nist_800_190: ["4.1.1"], pci_dss_4: ["6.3.1", "6.3.3"], nsa_cisa: ["secure-images"]}
#   aliases: []
package rules.vulnerabilities.high_fixable

deny contains {"msg": msg, "at": vulnerability.at} if {
	some vulnerability in input.scan.vulnerabilities
	vulnerability.open
	vulnerability.severity == "high"
	vulnerability.fixed_version != null
	has := concat(" ", [vulnerability.package, vulnerability.version, "has", vulnerability.id])
	msg := concat("", [has, ", fixed in ", vulnerability.fixed_version])
}
