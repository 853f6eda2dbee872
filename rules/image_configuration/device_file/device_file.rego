# METADATA
# title: Layers bring no device files
# description: >-
#   The runtime gives a container the devices that it needs. One that the image brings is of no use to an honest
#   program, and opens a disk of the node wherever the container may make use of devices.
# schemas:
#   - input: schema.image
# custom:
#   severity: low
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Leave /dev out of what is packed:
#     ```sh
#     tar --exclude=./dev -C rootfs -c . | docker import - base
#     ```
#   frameworks: {nist_800_190: ["4.1.2"], nist_800_53: [CM-7]}
#   aliases: []
package rules.image_configuration.device_file

deny contains {"msg": msg, "at": entry.at} if {
	some entry in input.contents.odd
	entry.kind == "device"
	msg := concat("", [entry.path, " is a device file: ", entry.layer.called])
}
