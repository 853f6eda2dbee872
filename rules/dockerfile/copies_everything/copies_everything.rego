# METADATA
# title: Images take the files they need, not the whole folder
# description: >-
#   COPY of the whole build context takes along whatever lies there on the day: .git, local settings, credentials, test data. It
#   also builds the layer anew after every change. What a .dockerignore lets in is not seen here; waive the finding where it
#   lists only what belongs in the image.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Name what belongs in the image:
#     ```dockerfile
#     COPY package.json package-lock.json ./
#     COPY src/ src/
#     ```
#   frameworks: {nist_800_190: ["4.1.2", "4.1.4"]}
#   aliases: []
package rules.dockerfile.copies_everything

deny contains {"msg": msg, "at": copy.at} if {
	some stage in input.stages
	stage.shipped
	some copy in stage.copies
	copy.from == null
	copy.excludes == []
	some source in copy.sources
	source.everything
	msg := concat("", ["stage ", stage.id, " copies the whole build context to ", copy.destination])
}
