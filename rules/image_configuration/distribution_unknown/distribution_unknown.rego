# METADATA
# title: An image with packages says which distribution it is
# description: >-
#   Scanners tell by /etc/os-release which advisories apply. With a package manager, and without that file, they
#   find no vulnerability in any package of the system, and say so with exit code 0.
# schemas:
#   - input: schema.image
# custom:
#   severity: medium
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Do not delete the file:
#     ```dockerfile
#     COPY --from=debian:12.8-slim /usr/lib/os-release /usr/lib/os-release
#     ```
#   frameworks: {nist_800_190: ["4.1.1"], nist_800_53: [RA-5, CM-8]}
#   aliases: []
package rules.image_configuration.distribution_unknown

deny contains {"msg": msg, "at": "contents.distribution"} if {
	input.contents.complete
	input.contents.distribution == null
	managers := [program.path | some program in input.contents.programs; program.kind == "package_manager"]
	count(managers) > 0
	msg := concat("", ["the image has ", concat(", ", managers), " and no os-release, so that scanners do not know its packages"])
}
