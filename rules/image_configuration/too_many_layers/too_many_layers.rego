# METADATA
# title: Images have few layers
# description: >-
#   Each layer is fetched, checked and mounted on its own, at the first start on each node. Overlay file systems end
#   at 128, so that an image built on this one may not start at all.
# schemas:
#   - input: schema.image
# custom:
#   severity: info
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Put what belongs together into one RUN, and copy what was built from another stage:
#     ```dockerfile
#     RUN apk add --no-cache curl=8.9.1-r1 tini=0.19.0-r3
#     COPY --from=build /app /app
#     ```
#   frameworks: {}
#   aliases: []
#   params:
#     most:
#       type: integer
#       minimum: 1
#       maximum: 127
#       default: 64
#       description: the largest number of layers that is accepted
package rules.image_configuration.too_many_layers

deny contains {"msg": msg, "at": "layers"} if {
	count(input.layers) > input.params["image_configuration.too_many_layers"].most
	msg := concat("", ["the image has ", format_int(count(input.layers), 10), " layers"])
}
