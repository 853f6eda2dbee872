# METADATA
# title: Images say where they come from
# description: >-
#   Who finds an image in a registry or a cluster wants its source and revision: to look for a flaw, to build it
#   again, to know whom to ask. Labels and annotations of the Open Container Initiative say so to every tool.
# schemas:
#   - input: schema.image
# custom:
#   severity: info
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Write the labels while building:
#     ```sh
#     docker build --label org.opencontainers.image.source=https://git.example.com/shop/web \\
#       --label org.opencontainers.image.revision="$(git rev-parse HEAD)" .
#     ```
#   frameworks: {nist_800_53: [CM-8, SR-4]}
#   aliases: []
#   params:
#     names:
#       type: array
#       items: {type: string}
#       default: [org.opencontainers.image.source, org.opencontainers.image.revision]
#       description: labels or annotations that every image has
package rules.image_configuration.missing_label

deny contains {"msg": msg, "at": at} if {
	input.config != null
	some name in input.params["image_configuration.missing_label"].names
	object.get(input.labels, name, "") == ""
	object.get(input.annotations, name, "") == ""
	at := concat("", ["labels[", name, "]"])
	msg := concat("", ["the image has neither a label nor an annotation ", name])
}
