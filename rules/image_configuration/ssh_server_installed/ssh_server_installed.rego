# METADATA
# title: Images hold no SSH server
# description: >-
#   An SSH server makes a container a machine that people repair by hand: what they change is in no image and is
#   gone, or worse, is not, after the next start. Host keys made while it was installed are the same in every copy.
# schemas:
#   - input: schema.image
# custom:
#   severity: medium
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Take the server out; the client alone can stay:
#     ```dockerfile
#     RUN apk add --no-cache openssh-client=9.7_p1-r4
#     ```
#     To look into a container, use `kubectl debug`.
#   frameworks: {nist_800_190: ["4.1.2"], pci_dss_4: ["2.2.4"], nist_800_53: [CM-7, SI-14]}
#   aliases: []
package rules.image_configuration.ssh_server_installed

deny contains {"msg": msg, "at": program.at} if {
	some program in input.contents.programs
	program.kind == "ssh_server"
	msg := concat("", ["the image holds an SSH server: ", program.path])
}
