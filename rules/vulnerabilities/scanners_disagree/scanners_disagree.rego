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

_shown := 10

deny contains {"msg": msg, "at": at} if {
	some scanner, ids in _missed
	at := concat("", ["scan.scanners[", scanner, "]"])
	told := concat("", [scanner, " does not see critical or high vulnerabilities that another scanner sees: "])
	msg := concat("", [told, concat(", ", array.slice(sort(ids), 0, _shown)), _more(ids)])
}

_missed[scanner] contains vulnerability.id if {
	some vulnerability in input.scan.vulnerabilities
	vulnerability.open
	vulnerability.severity in {"critical", "high"}
	some scanner in vulnerability.not_seen_by
}

_more(ids) := concat("", [" and ", format_int(count(ids) - _shown, 10), " more"]) if count(ids) > _shown

_more(ids) := "" if count(ids) <= _shown
