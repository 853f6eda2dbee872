# METADATA
# title: Packages are installed in a version that is named
# description: >-
#   apk, apt and pip take the newest version of the day: the same Dockerfile gives another image next week, and a rebuild for a
#   small fix can bring a large surprise.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Name the version, or take the versions from a lock file:
#     ```dockerfile
#     RUN apk add --no-cache curl=8.9.1-r1
#     RUN pip install --no-cache-dir --require-hashes -r requirements.txt
#     ```
#   frameworks: {}
#   aliases: [DL3008, DL3013, DL3018]
package rules.dockerfile.unpinned_packages

deny contains {"msg": msg, "at": at} if {
	some stage in input.stages
	some run in stage.runs
	some manager in {"apk", "apt", "pip"}
	names := _unpinned(run, manager)
	count(names) > 0
	at := concat("", [run.at, ".", manager])
	msg := concat("", ["stage ", stage.id, " installs without a version, by ", manager, ": ", concat(", ", names)])
}

_unpinned(run, manager) := [package_.text |
	some command in run.packages
	command.manager == manager
	command.action == "install"
	some package_ in command.packages
	package_.pinned == false
]
