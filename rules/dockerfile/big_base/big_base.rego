# METADATA
# title: The final image builds on a small base
# description: >-
#   A whole distribution or the full image of a language brings compilers, shells and hundreds of packages that the
#   program never uses: each is one more thing to have a flaw, and all of them are pulled at every start. Advice,
#   not an error.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: info
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Build in one stage, and copy the result into a slim, Alpine or distroless one:
#     ```dockerfile
#     FROM golang:1.23.1 AS build
#     RUN go build -o /app ./cmd/app
#
#     FROM gcr.io/distroless/static-debian12:nonroot
#     COPY --from=build /app /app
#     ```
#   frameworks: {nist_800_190: ["4.1.2"], nist_800_53: [CM-7]}
#   aliases: []
#   params:
#     images:
#       type: array
#       items: {type: string}
#       default: [docker.io/library/ubuntu, docker.io/library/centos, docker.io/library/fedora, docker.io/library/amazonlinux, docker.io/library/oraclelinux, docker.io/library/rockylinux, docker.io/library/almalinux, docker.io/library/buildpack-deps, docker.io/library/node, docker.io/library/python, docker.io/library/ruby, docker.io/library/golang, docker.io/library/rust, docker.io/library/gcc, docker.io/library/openjdk, docker.io/library/maven, docker.io/library/gradle, mcr.microsoft.com/dotnet/sdk]
#       description: images, with registry and without tag, that hold far more than a program needs
#     small_tags:
#       type: array
#       items: {type: string}
#       default: [slim, alpine, minimal, micro, chiseled, jre, nanoserver]
#       description: parts of tags by which those images come in small
package rules.dockerfile.big_base

deny contains {"msg": msg, "at": stage.base.at} if {
	some stage in input.stages
	stage.final
	stage.runnable
	stage.base_image.name in input.params["dockerfile.big_base"].images
	not _is_small(stage.base_image)
	msg := concat("", ["stage ", stage.id, " ships all of ", stage.base_image.text])
}

_is_small(image) if {
	image.tag != null
	some part in input.params["dockerfile.big_base"].small_tags
	contains(image.tag, part)
}
