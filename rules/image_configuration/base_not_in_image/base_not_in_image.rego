# METADATA
# title: Images are built on the base that they name
# description: >-
#   The image names a base whose layers are not its lowest ones: the record is wrong, left over from another build,
#   or was written to look well. Whoever watches that base for fixes watches the wrong one. A squashed image looks
#   the same.
# schemas:
#   - input: schema.image
# custom:
#   severity: low
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Let the builder write the record, which knows what it used:
#     ```sh
#     buildah build --identity-label=true .
#     ```
#   frameworks: {nist_800_190: ["4.1.5"], nist_800_53: [SR-4]}
#   aliases: []
package rules.image_configuration.base_not_in_image

deny contains {"msg": msg, "at": "base"} if {
	input.base.digest != null
	input.base.layers_shared == false
	msg := concat("", ["the image names ", input.base.text, " as its base and does not have its layers"])
}
