# METADATA
# title: Vulnerabilities are mended within the time allowed
# description: >-
#   A threshold alone lets a vulnerability stay forever where it was waved through once. The days count from the fix,
#   where a scanner tells when it was there, else from the publication. Without either no deadline is judged; the
#   rules by severity still object.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Rebuild on an updated base image, or raise the version of the package, and release the new image. Set the
#     deadlines of your own policy as parameters.
#   frameworks: {nist_800_53: ["RA-5", "SI-2"], nist_800_190: ["4.1.1"], pci_dss_4: ["6.3.1", "6.3.3"], nsa_cisa: ["secure-images"]}
#   aliases: []
#   params:
#     critical_days:
#       type: integer
#       minimum: 0
#       default: 15
#       description: days within which a critical vulnerability must be mended
#     high_days:
#       type: integer
#       minimum: 0
#       default: 30
#       description: days within which a high vulnerability must be mended
#     medium_days:
#       type: integer
#       minimum: 0
#       default: 90
#       description: days within which a medium vulnerability must be mended
#     low_days:
#       type: integer
#       minimum: 0
#       default: 180
#       description: days within which a low vulnerability must be mended
package rules.vulnerabilities.past_deadline

deny contains {"msg": msg, "at": vulnerability.at} if {
	some vulnerability in input.scan.vulnerabilities
	vulnerability.open
	vulnerability.fixed_version != null
	age := _age(vulnerability)
	allowed := input.params["vulnerabilities.past_deadline"][concat("_", [vulnerability.severity, "days"])]
	age > allowed
	has := concat(" ", [vulnerability.package, vulnerability.version, "has had", vulnerability.id])
	msg := concat("", [has, " for ", format_int(age, 10), " days, ", _over(vulnerability.severity, allowed)])
}

_age(vulnerability) := vulnerability.fix_age_days if vulnerability.fix_age_days != null

_age(vulnerability) := vulnerability.age_days if {
	vulnerability.fix_age_days == null
	vulnerability.age_days != null
}

_over(severity, allowed) := concat("", ["and ", severity, " ones have ", format_int(allowed, 10)])
