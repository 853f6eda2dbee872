# METADATA
# title: Images do not offer SSH
# description: >-
#   A container with an SSH server is one that people repair by hand: what they change is in no image, and their
#   keys and passwords are one more way in. Logs, metrics and `kubectl debug` are for looking; a new image is for
#   changing.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile, image]
#   owner: development
#   remediation: |
#     Take out EXPOSE 22 and the server behind it, and offer only the port of the application:
#     ```dockerfile
#     EXPOSE 8080
#     ```
#   frameworks: {nist_800_190: ["4.1.2"], pci_dss_4: ["2.2.4"], nist_800_53: [CM-7]}
#   aliases: [CKV_DOCKER_1, DS-0004]
package rules.dockerfile.ssh_port_exposed

deny contains {"msg": msg, "at": port.at} if {
	some stage in input.stages
	some port in stage.ports
	port.protocol == "tcp"
	port.port <= 22
	port.last >= 22
	msg := concat("", [stage.called, " exposes the SSH port: ", port.text])
}
