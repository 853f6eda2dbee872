# METADATA
# title: Files that often hold secrets stay out of images
# description: >-
#   A .env, .npmrc, .pem or .key often holds a password, token or private key, and everyone who can pull the image
#   reads it. Look into the file: waive the finding where it holds none. Only stages that are part of the final
#   image count.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: security
#   remediation: |
#     Mount it, while building or when the container starts:
#     ```dockerfile
#     RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci
#     ```
#   frameworks: {nist_800_190: ["4.1.4"], nist_800_53: ["IA-5(7)"]}
#   aliases: []
package rules.dockerfile.copies_possible_secret

deny contains {"msg": msg, "at": copy.at} if {
	some stage in input.stages
	stage.shipped
	some copy in stage.copies
	copy.from == null
	files := [source.text | some source in copy.sources; source.secrecy == "possible"]
	count(files) > 0
	msg := concat("", ["stage ", stage.id, " copies what may hold a secret: ", concat(", ", files)])
}
