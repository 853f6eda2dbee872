# METADATA
# title: Nobody works inside running containers
# description: >-
#   Whoever has a shell in a container can change it, read its secrets, and leave no trace in any repository. An
#   instance that was touched is replaced, not trusted. Without an audit log nothing is known, and this rule is
#   silent.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: medium
#   applies_to: [live_object]
#   owner: operations
#   remediation: |
#     Replace the Pod, and give people logs, metrics and traces instead of shells. Users who may, such as a
#     break-glass account, belong into the parameter `allowed_users`.
#   frameworks: {nist_800_53: ["AC-17", "CM-5"], pci_dss_4: ["6.5.1"]}
#   aliases: []
#   params:
#     allowed_users:
#       type: array
#       items: {"type": "string"}
#       default: []
#       description: users, as the audit log names them, who may
package rules.drift.exec_session

deny contains {"msg": msg, "at": at} if {
	some session in input.workload.exec_sessions
	not _allowed(session.user)
	at := concat("", ["exec_sessions[", session.user, " ", session.pod, "]"])
	what := concat("", [session.user, " used ", session.verb, _program(session), " in Pod ", session.pod])
	msg := concat(" at ", [what, session.time])
}

_allowed(user) if user in input.params["drift.exec_session"].allowed_users

_program(session) := concat("", [" (", session.program, ")"]) if {
	session.program != null
	session.copies == null
}

_program(session) := " (kubectl cp into it)" if session.copies == "into"

_program(session) := " (kubectl cp out of it)" if session.copies == "out_of"

_program(session) := "" if {
	session.program == null
	session.copies == null
}
