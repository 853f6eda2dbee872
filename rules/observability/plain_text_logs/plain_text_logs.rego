# METADATA
# title: Logs are structured
# description: >-
#   Lines of plain text must be taken apart by patterns before anybody can search by request, user or level, and every change
#   of wording breaks the patterns. The application can write JSON: it is told not to.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Choose the format that your collector reads:
#     ```yaml
#     env:
#       - {name: LOG_FORMAT, value: json}
#     ```
#   frameworks: {nist_800_53: [AU-12]}
#   aliases: []
#   params:
#     formats:
#       type: array
#       items: {type: string}
#       default: [console, plain, plaintext, pretty, text]
#       description: values that mean plain text, in lower case
package rules.observability.plain_text_logs

deny contains {"msg": msg, "at": setting.at} if {
	some setting in input.observability.log_formats
	lower(setting.value) in input.params["observability.plain_text_logs"].formats
	msg := concat("", [setting.of, " is told to write its logs as ", setting.value])
}
