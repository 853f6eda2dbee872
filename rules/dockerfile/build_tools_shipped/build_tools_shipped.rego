# METADATA
# title: Compilers stay in a stage that is not shipped
# description: >-
#   Compilers, headers and build tools in the final image help whoever breaks in to build what he needs, and each
#   has flaws to mend. A later RUN cannot take them out of the layer; removing them in the same RUN can.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Build in one stage, copy the result into another, or remove the tools in the same RUN:
#     ```dockerfile
#     FROM python:3.12.4-slim AS build
#     RUN apt-get update && apt-get install -y --no-install-recommends gcc=4:12.2.0-3 && pip wheel -w /wheels -r requirements.txt
#
#     FROM python:3.12.4-slim
#     RUN --mount=from=build,source=/wheels,target=/wheels pip install --no-index --find-links=/wheels -r requirements.txt
#     ```
#   frameworks: {nist_800_190: ["4.1.2"], pci_dss_4: ["2.2.4"], nist_800_53: [CM-7]}
#   aliases: []
#   params:
#     packages:
#       type: array
#       items: {type: string}
#       default: [gcc, "gcc-[0-9]*", g++, "g++-[0-9]*", gcc-c++, clang, make, cmake, build-essential, build-base, "*-dev", "*-devel", autoconf, automake, golang, "golang-*", cargo, rustc, maven, gradle, "openjdk-*-jdk*", "openjdk[0-9]*-jdk"]
#       description: patterns of names of packages that only a build needs
package rules.dockerfile.build_tools_shipped

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	stage.final
	some run in stage.runs
	tools := {package_.name | some command in run.packages; not command.removed; some package_ in command.packages; _is_tool(package_.name)}
	count(tools) > 0
	msg := concat("", ["stage ", stage.id, " ships build tools: ", concat(", ", sort(tools))])
}

_is_tool(name) if name in input.params["dockerfile.build_tools_shipped"].packages

_is_tool(name) if {
	some pattern in input.params["dockerfile.build_tools_shipped"].packages
	contains(pattern, "*")
	glob.match(pattern, [], name)
}
