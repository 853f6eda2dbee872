# METADATA
# title: Large user ids get no login record
# description: >-
#   useradd writes a record at the place of the user's number into /var/log/lastlog: with a large number the file
#   grows to gigabytes, which some storage drivers put into the layer in full.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Leave the record out:
#     ```dockerfile
#     RUN useradd --no-log-init --uid 1000650000 app
#     ```
#   frameworks: {}
#   aliases: [DL3046]
package rules.dockerfile.huge_user_id

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	some command in run.commands
	command.words[0] == "useradd"
	regex.match(` (-[a-zA-Z]*u|--uid)[ =]?[0-9]{6,}( |$)`, concat(" ", command.words))
	not regex.match(` (-[a-zA-Z]*l[a-zA-Z]*|--no-log-init)( |$)`, concat(" ", command.words))
	msg := concat("", ["stage ", stage.id, " adds a user with a large id and its login record"])
}
