# METADATA
# title: Layers stay inside the image
# description: >-
#   A name with `..`, or a hard link out of the image, makes a careless unpacker write to or read from the machine
#   that it runs on. No builder makes such entries; somebody made this layer by hand.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Do not run the image. Find out who pushed it, and build it again from its source.
#   frameworks: {nist_800_190: ["4.1.5"], nist_800_53: [SI-7, SR-11]}
#   aliases: []
package rules.image_configuration.hostile_entry

deny contains {"msg": msg, "at": entry.at} if {
	some entry in input.contents.odd
	entry.kind in {"traversal", "link_out"}
	msg := concat("", ["an entry would leave the image, ", entry.path, ": ", entry.layer.called])
}
