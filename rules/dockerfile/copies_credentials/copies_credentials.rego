# METADATA
# title: No key or credentials file is copied into an image
# description: >-
#   Everyone who can pull the image has the file, and a later RUN cannot take it out of the layer. Only stages that
#   are part of the final image count, and only files that are nothing but credentials: private keys, .netrc,
#   .git-credentials, cloud and cluster credentials.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: high
#   applies_to: [dockerfile]
#   owner: security
#   remediation: |
#     Mount it while building, and change the key that was shipped:
#     ```dockerfile
#     RUN --mount=type=ssh git clone git@github.com:acme/app.git
#     RUN --mount=type=secret,id=netrc,target=/root/.netrc go mod download
#     ```
#   frameworks: {nist_800_190: ["4.1.4"], pci_dss_4: ["8.6.2"], nist_800_53: ["IA-5(7)"]}
#   aliases: []
package rules.dockerfile.copies_credentials

deny contains {"msg": msg, "at": copy.at} if {
	some stage in input.stages
	stage.shipped
	some copy in stage.copies
	copy.from == null
	files := [source.text | some source in copy.sources; source.secrecy == "credentials"]
	count(files) > 0
	msg := concat("", ["stage ", stage.id, " copies credentials into the image: ", concat(", ", files)])
}
