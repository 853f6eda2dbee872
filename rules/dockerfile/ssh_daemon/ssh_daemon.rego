# METADATA
# title: Containers run no SSH server
# description: >-
#   An SSH server makes a container a machine that people repair by hand: what they change is in no image and is
#   gone, or worse, is not, after the next start. Installing the server also makes host keys, so that every copy of
#   the image has the same ones.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile, image]
#   owner: development
#   remediation: |
#     Take the server out. To look into a container, use `kubectl debug` or `docker exec`, and mend the image:
#     ```dockerfile
#     RUN apk add --no-cache openssh-client=9.7_p1-r4
#     ```
#   frameworks: {nist_800_190: ["4.1.2"], pci_dss_4: ["2.2.4"], nist_800_53: [CM-7, SI-14]}
#   aliases: []
package rules.dockerfile.ssh_daemon

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	stage.shipped
	some run in stage.runs
	servers := {package_.name | some command in run.packages; some package_ in command.packages; package_.name in _servers}
	count(servers) > 0
	msg := concat("", [stage.called, " installs an SSH server: ", concat(", ", sort(servers))])
}

deny contains {"msg": msg, "at": part.at} if {
	some stage in input.stages
	stage.shipped
	some part in [stage.entrypoint, stage.cmd]
	part.stage == stage.id
	some command in part.commands
	some word in command.words
	regex.match(`(^|/)(sshd|dropbear)$`, word)
	msg := concat("", [stage.called, " starts an SSH server: ", word])
}

_servers := {"openssh-server", "openssh-server-pam", "dropbear", "dropbear-bin"}
