# METADATA
# title: The header that carries correlation ids is a header's name
# description: >-
#   Requests are followed through services by an id that each passes on in a header. Where the name is empty or no header may have it,
#   the id is lost at that service, and its logs cannot be matched with those of the others.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Name one header, the same in all services:
#     ```yaml
#     env:
#       - {name: CORRELATION_ID_HEADER, value: X-Correlation-ID}
#     ```
#   frameworks: {nist_800_53: [AU-12]}
#   aliases: []
package rules.observability.correlation_header_unusable

deny contains {"msg": msg, "at": at} if {
	some container in input.containers
	some variable in container.env
	contains(lower(variable.name), "header")
	regex.match(`(?i)(correlation|request|trace)_?id_?header(_?name)?$`, variable.name)
	not regex.match("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", variable.value) # RFC 9110, section 5.6.2: token
	at := concat("", [container.at, ".env[", variable.name, "]"])
	msg := concat("", ["variable ", variable.name, " of container ", container.name, " names no header: ", variable.value])
}
