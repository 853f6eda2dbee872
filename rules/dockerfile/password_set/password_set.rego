# METADATA
# title: Builds set no passwords of accounts
# description: >-
#   A password that is set while building stands in the history of the image, and is the same in every copy: whoever
#   reads one can log in to all, or become root in them.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile, image]
#   owner: security
#   remediation: |
#     Leave the accounts without a password, as they are, since nobody has to log in to a container:
#     ```dockerfile
#     USER 10001
#     ```
#   frameworks: {nist_800_190: ["4.1.4"], nist_800_53: [IA-5, "IA-5(7)"]}
#   aliases: [CKV2_DOCKER_17]
package rules.dockerfile.password_set

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	some command in run.commands
	_sets_password(command.words)
	msg := concat("", [stage.called, " sets or removes the password of an account by ", command.words[0]])
}

_sets_password(words) if words[0] == "chpasswd"

_sets_password(words) if {
	words[0] == "passwd"
	some word in words
	word in {"-d", "--delete", "--stdin"}
}
