# METADATA
# title: Images have no medium vulnerability that nobody has mended yet
# description: >-
#   A vulnerability of medium severity does harm together with others. There is no fix to install, so a team has to
#   decide whether the package can go, or the risk is accepted.
# schemas:
#   - input: schema.image
# custom:
#   severity: medium
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Remove the package or change to an image without it. If the image is not affected, say so in a VEX document,
#     with the reason. To judge only what can be mended, turn this rule off:
#     ```yaml
#     rules:
#       vulnerabilities.medium_unfixed: off
#     ```
#   frameworks: {nist_800_53: ["RA-5", "SI-2"], nist_800_190: ["4.1.1"], pci_dss_4: ["6.3.1", "6.3.3"], nsa_cisa: ["secure-images"]}
#   aliases: []
package rules.vulnerabilities.medium_unfixed

deny contains {"msg": msg, "at": vulnerability.at} if {
	some vulnerability in input.scan.vulnerabilities
	vulnerability.open
	vulnerability.severity == "medium"
	vulnerability.fixed_version == null
	has := concat(" ", [vulnerability.package, vulnerability.version, "has", vulnerability.id])
	msg := concat("", [has, ", for which there is no fix"])
}
