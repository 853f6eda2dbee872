# METADATA
# title: Images have no critical vulnerability that a newer package mends
# description: >-
#   A critical vulnerability is one that an attacker on the network can often use without any help. A fix is there: a
#   rebuild with the newer package ends it.
# schemas:
#   - input: schema.image
# custom:
#   severity: critical
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Rebuild on an updated base image, or raise the version of the package in the build, and release the new
#     image. If the image is not affected, say so in a VEX document, with the reason.
#   frameworks: {nist_800_53: ["RA-5", "SI-2"], nist_800_190: ["4.1.1"], pci_dss_4: ["6.3.1", "6.3.3"], nsa_cisa: ["secure-images"]}
#   aliases: []
package rules.vulnerabilities.critical_fixable

deny contains {"msg": msg, "at": vulnerability.at} if {
	some vulnerability in input.scan.vulnerabilities
	vulnerability.open
	vulnerability.severity == "critical"
	vulnerability.fixed_version != null
	has := concat(" ", [vulnerability.package, vulnerability.version, "has", vulnerability.id])
	msg := concat("", [has, ", fixed in ", vulnerability.fixed_version])
}
