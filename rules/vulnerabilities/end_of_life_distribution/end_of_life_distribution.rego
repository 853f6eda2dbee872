# METADATA
# title: Images build on a distribution that still gets updates
# description: >-
#   After its end of life a distribution mends nothing, and its advisories stop too: scanners then find less every
#   month, while there is more.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Build on a release that is supported:
#     ```dockerfile
#     FROM debian:13-slim
#     ```
#   frameworks: {nist_800_53: ["SA-22", "SI-2"], nsa_cisa: ["upgrades"], nist_800_190: ["4.1.1"]}
#   aliases: []
package rules.vulnerabilities.end_of_life_distribution

deny contains {"msg": msg, "at": "scan.distribution"} if {
	distribution := input.scan.distribution
	distribution.ended == true
	msg := concat("", ["support of ", distribution.name, " ", distribution.version, " has ended", _day(distribution)])
}

_day(distribution) := concat("", [" on ", distribution.end_of_life]) if distribution.end_of_life != null

_day(distribution) := "" if distribution.end_of_life == null
