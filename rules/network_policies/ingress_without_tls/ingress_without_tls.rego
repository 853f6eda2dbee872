# METADATA
# title: An Ingress encrypts every host
# description: >-
#   Without TLS passwords and cookies cross the network in clear, and anybody on the way can change the answer. A
#   host that no entry of spec.tls names is served in plain HTTP, or with a certificate that browsers refuse.
# schemas:
#   - input: schema.ingress
# custom:
#   severity: medium
#   applies_to: [ingress]
#   owner: operations
#   remediation: |
#     Name the host and the Secret with its certificate:
#     ```yaml
#     spec:
#       tls:
#         - hosts: [web.example.com]
#           secretName: web-tls
#     ```
#   frameworks: {nist_800_53: [SC-8]}
#   aliases: [C-0263, tlsSettingsMissing]
package rules.network_policies.ingress_without_tls

deny contains {"msg": msg, "at": host.at} if {
	not input.tls_elsewhere
	not input.answers_challenge
	some host in input.hosts
	not host.encrypted
	msg := concat("", ["serves ", _name(host), " without TLS"])
}

_name(host) := host.host if host.host != null

_name(host) := "every host" if host.host == null
