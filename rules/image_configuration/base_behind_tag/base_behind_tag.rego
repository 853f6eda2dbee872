# METADATA
# title: Images are built on what their base tag names today
# description: >-
#   The tag of the base image names another image by now, mostly because flaws were mended in it. This image still
#   has them. Said only where the image records its base, and somebody asked the registry.
# schemas:
#   - input: schema.image
# custom:
#   severity: medium
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Build again on the base of the day, and record it:
#     ```sh
#     docker build --pull --annotation org.opencontainers.image.base.name=docker.io/library/debian:12.8-slim .
#     ```
#   frameworks: {nist_800_190: ["4.1.1"], nist_800_53: [SI-2]}
#   aliases: []
package rules.image_configuration.base_behind_tag

deny contains {"msg": msg, "at": "base"} if {
	input.base.behind == true
	msg := concat("", ["the image is built on an older ", input.base.text, " than its tag names now"])
}
