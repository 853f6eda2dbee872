# METADATA
# title: A .dockerignore keeps files out of the build
# description: >-
#   COPY of the whole build context takes along .git, local settings, credentials and test data unless a
#   .dockerignore names them, and every file that changes builds the layer anew. It is looked for beside the
#   Dockerfile and above it, up to the repository's root.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Write a .dockerignore at the root of the build context that lets in only what is needed:
#     ```
#     *
#     !src/
#     !package.json
#     !package-lock.json
#     ```
#   frameworks: {nist_800_190: ["4.1.4"]}
#   aliases: []
package rules.dockerfile.missing_dockerignore

deny contains {"msg": msg, "at": at} if {
	input.ignore_file == false
	copied := [copy.at | some stage in input.stages; some copy in stage.copies; _takes_everything(copy)]
	at := sort(copied)[0]
	msg := "the whole build context is copied, and no .dockerignore keeps anything out of it"
}

_takes_everything(copy) if {
	copy.from == null
	some source in copy.sources
	source.everything
}
