# METADATA
# title: An Ingress names its hosts
# description: >-
#   A rule for every host, or for all names of a domain, takes requests that were meant for others: it catches what
#   a later Ingress was to serve, and lets a tenant answer for names that are not theirs.
# schemas:
#   - input: schema.ingress
# custom:
#   severity: low
#   applies_to: [ingress]
#   owner: operations
#   remediation: |
#     Name the host:
#     ```yaml
#     spec:
#       rules:
#         - host: web.example.com
#     ```
#   frameworks: {nist_800_190: ["4.3.3"], nist_800_53: [SC-7], pci_dss_4: ["1.3.1"]}
#   aliases: []
package rules.network_policies.wildcard_host

deny contains {"msg": msg, "at": host.at} if {
	some host in input.hosts
	contains(host.host, "*")
	msg := concat("", ["serves every name that fits ", host.host])
}

deny contains {"msg": "serves whatever host a request names", "at": host.at} if {
	some host in input.hosts
	host.host == null
	not input.answers_challenge
}
