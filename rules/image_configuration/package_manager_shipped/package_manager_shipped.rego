# METADATA
# title: Nothing can be installed into a running container
# description: >-
#   A package manager in the image changes containers while they run: by hand, or for whoever broke in. What was
#   installed is in no image and in no SBOM. Advice, not an error.
# schemas:
#   - input: schema.image
# custom:
#   severity: info
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Build in one stage, and copy the result into a base without a package manager:
#     ```dockerfile
#     FROM gcr.io/distroless/static-debian12:nonroot
#     COPY --from=build /app /app
#     ```
#   frameworks: {nist_800_190: ["4.1.2"], nist_800_53: [CM-7]}
#   aliases: []
package rules.image_configuration.package_manager_shipped

deny contains {"msg": msg, "at": program.at} if {
	some program in input.contents.programs
	program.kind == "package_manager"
	msg := concat("", ["the image holds a package manager: ", program.path])
}
