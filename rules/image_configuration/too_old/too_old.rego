# METADATA
# title: Images are built again from time to time
# description: >-
#   An image does not change, and what is known about it does: an old one lacks every fix of its base and packages
#   since then. Nobody can be sure that it can still be built, either. Images without a date, as reproducible builds
#   make them, do not count.
# schemas:
#   - input: schema.image
# custom:
#   severity: low
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Build it again in the pipeline, on the base of the day, and deploy that:
#     ```yaml
#     on:
#       schedule: [{cron: "0 4 * * 1"}]
#     ```
#   frameworks: {nist_800_190: ["4.1.1"], nist_800_53: [SI-2]}
#   aliases: []
#   params:
#     days:
#       type: integer
#       minimum: 1
#       maximum: 36500
#       default: 180
#       description: the age in days up to which an image is accepted
package rules.image_configuration.too_old

deny contains {"msg": msg, "at": "config.created"} if {
	input.config.age_days != null
	input.config.age_days > input.params["image_configuration.too_old"].days
	msg := concat("", ["the image was built ", format_int(input.config.age_days, 10), " days ago"])
}
