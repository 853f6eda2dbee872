# METADATA
# title: Keys are made where they are used
# description: >-
#   A private key that a RUN makes is the same in every copy of the image, and anybody who can pull it has it: with
#   it connections are read and servers impersonated. Only stages that are part of the final image count.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: security
#   remediation: |
#     Mount the key when the container starts, from a Secret, or make it at the first start:
#     ```yaml
#     volumeMounts:
#       - {name: tls, mountPath: /etc/tls, readOnly: true}
#     ```
#   frameworks: {nist_800_190: ["4.1.4"], nist_800_53: [IA-5]}
#   aliases: []
package rules.dockerfile.key_made_while_building

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	stage.shipped
	some run in stage.runs
	programs := {command.words[0] | some command in run.commands; _makes_key(command.words)}
	count(programs) > 0
	msg := concat("", ["stage ", stage.id, " makes a private key that every copy of the image shares: ", concat(", ", sort(programs))])
}

_makes_key(words) if {
	words[0] == "ssh-keygen"
	count({"-A", "-t", "-N"} & {word | some word in words}) > 0
	count({"-F", "-R", "-l", "-y", "-e"} & {word | some word in words}) == 0
}

_makes_key(words) if {
	words[0] == "openssl"
	words[1] in {"genrsa", "genpkey", "gendsa"}
}

_makes_key(words) if {
	words[0] == "openssl"
	words[1] == "req"
	some word in words
	word in {"-newkey", "-x509"}
}

_makes_key(words) if {
	words[0] == "keytool"
	some word in words
	word in {"-genkey", "-genkeypair"}
}
