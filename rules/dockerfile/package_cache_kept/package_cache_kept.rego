# METADATA
# title: Layers hold no package cache
# description: >-
#   The index or cache that a package manager filled stays in the layer, where a later RUN cannot remove it: it makes every pull
#   larger, and an index goes stale, so that a later install asks for versions that are gone. Only layers of the final image count.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Do not keep it, or remove it in the same RUN:
#     ```dockerfile
#     RUN apk add --no-cache curl=8.9.1-r1
#     RUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10 \
#         && rm -rf /var/lib/apt/lists/*
#     RUN dnf install -y curl-7.76.1 && dnf clean all
#     RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
#     RUN npm ci && npm cache clean --force
#     ```
#   frameworks: {}
#   aliases: [DL3009, DL3019, DL3032, DL3036, DL3040, DL3042, DS025, DS-0025, AVD-DS-0025, DS-0015, DS-0019, DS-0020, DS-0027]
package rules.dockerfile.package_cache_kept

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	stage.shipped
	some run in stage.runs
	managers := {command.manager | some command in run.packages; command.keeps_cache}
	count(managers) > 0
	msg := concat("", ["stage ", stage.id, " keeps in a layer what package managers fetched: ", concat(", ", sort(managers))])
}
