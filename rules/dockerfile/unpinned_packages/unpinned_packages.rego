# METADATA
# title: Packages are installed in a version that is named
# description: >-
#   Package managers take the newest version of the day: the same Dockerfile gives another image next week, and a rebuild for a
#   small fix can bring a large surprise. A tag such as latest is no version. npm ci, go.mod and lock files name theirs.
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
#     RUN dnf install -y curl-7.76.1-29.el9
#     RUN pip install --no-cache-dir --require-hashes -r requirements.txt
#     RUN npm install --global pnpm@9.12.0
#     ```
#   frameworks: {nist_800_53: [CM-2, SR-3]}
#   aliases: [DL3008, DL3013, DL3016, DL3018, DL3028, DL3033, DL3037, DL3041, DL3062]
package rules.dockerfile.unpinned_packages

deny contains {"msg": msg, "at": at} if {
	some stage in input.stages
	some run in stage.runs
	some manager in {"apk", "apt", "pip", "dnf", "zypper", "npm", "gem", "go"}
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
