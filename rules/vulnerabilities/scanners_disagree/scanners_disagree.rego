# METADATA
# title: Scanners agree about what matters
# description: >-
#   What only one of two scanners sees is often right, and may be a mistaken match. Either way one of them gives a
#   wrong picture of the image.
# schemas:
#   - input: schema.image
# custom:
#   severity: info
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Look at the package and the advisory. Mend it, or say in a VEX document that the image is not affected.
#   frameworks: {nist_800_53: ["RA-5"]}
#   aliases: []
package rules.vulnerabilities.scanners_disagree

deny contains {"msg": msg, "at": "scan.scanners"} if {
	ids := sort({vulnerability.id |
		some vulnerability in input.scan.vulnerabilities
		vulnerability.open
		vulnerability.severity in {"critical", "high"}
		count(vulnerability.not_seen_by) > 0
	})
	count(ids) > 0
	number := format_int(count(ids), 10)
	msg := concat("", ["scanners disagree about ", number, " critical or high vulnerabilities, such as ", ids[0]])
}
