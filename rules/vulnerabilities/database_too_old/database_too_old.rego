# METADATA
# title: Scanners know of recent vulnerabilities
# description: >-
#   A scanner finds what its database knows. With an old one a scan ends without findings, and says nothing of it.
# schemas:
#   - input: schema.image
# custom:
#   severity: medium
#   applies_to: [image]
#   owner: operations
#   remediation: |
#     Update the database before the scan, or mirror it where the scan runs:
#     ```sh
#     trivy image --download-db-only
#     grype db update
#     ```
#   frameworks: {nist_800_53: ["RA-5"], pci_dss_4: ["6.3.1"]}
#   aliases: []
#   params:
#     max_age_days:
#       type: integer
#       minimum: 0
#       default: 5
#       description: how many days old a database may be
package rules.vulnerabilities.database_too_old

deny contains {"msg": msg, "at": _at(scanner)} if {
	some scanner in input.scan.scanners
	scanner.failed == null
	age := scanner.database.age_days
	age != null
	age > input.params["vulnerabilities.database_too_old"].max_age_days
	msg := concat("", ["the database of ", scanner.name, " is ", format_int(age, 10), " days old"])
}

deny contains {"msg": msg, "at": _at(scanner)} if {
	some scanner in input.scan.scanners
	scanner.failed == null
	object.get(scanner, ["database", "age_days"], null) == null
	msg := concat("", ["nobody knows how old the database of ", scanner.name, " is"])
}

_at(scanner) := concat("", ["scan.scanners[", scanner.name, "]"])
