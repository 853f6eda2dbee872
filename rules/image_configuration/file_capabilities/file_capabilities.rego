# METADATA
# title: No program brings capabilities of its own
# description: >-
#   A file with capabilities gives them to whoever starts it, without root. It is better than the setuid bit, and
#   still a way to rights that the container was not given on purpose. NET_RAW, for one, forges packets.
# schemas:
#   - input: schema.image
# custom:
#   severity: info
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Take them away, or give them to the container, where whoever deploys it sees them:
#     ```yaml
#     securityContext:
#       capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}
#     ```
#   frameworks: {nist_800_190: ["4.1.2"], nist_800_53: [AC-6]}
#   aliases: []
#   params:
#     expected:
#       type: array
#       items: {type: string}
#       default: [/bin/ping, /usr/bin/arping, /usr/bin/newgidmap, /usr/bin/newuidmap, /usr/bin/ping, /usr/sbin/arping, /usr/sbin/clockdiff]
#       description: files that may have capabilities
package rules.image_configuration.file_capabilities

deny contains {"msg": msg, "at": file.at} if {
	some file in input.contents.capabilities
	not file.path in input.params["image_configuration.file_capabilities"].expected
	msg := concat("", [file.path, " gives capabilities to whoever starts it: ", file.layer.called])
}
