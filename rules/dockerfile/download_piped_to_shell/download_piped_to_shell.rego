# METADATA
# title: Scripts from the network are checked before they run
# description: >-
#   What `curl … | sh` runs is whatever the server sends that day, to whoever asks: nobody has seen it, nothing says
#   what it was, and a connection that breaks off runs half of it. The same Dockerfile gives another image tomorrow.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Fetch a version, check it, then run it:
#     ```dockerfile
#     ADD --checksum=sha256:… https://example.com/install-1.4.2.sh /tmp/install.sh
#     RUN sh /tmp/install.sh
#     ```
#   frameworks: {nist_800_190: ["4.1.5"], nsa_cisa: [secure-images], nist_800_53: [SI-7, SR-3]}
#   aliases: []
package rules.dockerfile.download_piped_to_shell

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	some command in run.commands
	command.runs_download
	msg := concat("", ["stage ", stage.id, " runs a script straight from the network"])
}
