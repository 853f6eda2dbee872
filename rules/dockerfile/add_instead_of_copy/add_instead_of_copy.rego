# METADATA
# title: ADD is used for what only ADD can do
# description: >-
#   ADD also fetches URLs and unpacks archives, by looking at what it is given: a file that turns out to be an archive is
#   unpacked, and a URL gives whatever the server sends that day. COPY does what it says.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Use COPY for files, and give ADD a checksum, or a full commit, where it fetches:
#     ```dockerfile
#     COPY app.jar /opt/
#     ADD --checksum=sha256:… https://example.com/tool /usr/local/bin/tool
#     ```
#   frameworks: {}
#   aliases: [DL3020, CKV_DOCKER_4, DS005, DS-0005, AVD-DS-0005]
package rules.dockerfile.add_instead_of_copy

deny contains {"msg": msg, "at": copy.at} if {
	some stage in input.stages
	some copy in stage.copies
	copy.instruction == "ADD"
	files := [source.text | some source in copy.sources; source.kind == "local"; source.archive == false]
	count(files) > 0
	msg := concat("", ["stage ", stage.id, " takes ", concat(", ", files), " with ADD where COPY would do"])
}

deny contains {"msg": msg, "at": copy.at} if {
	some stage in input.stages
	some copy in stage.copies
	copy.instruction == "ADD"
	object.get(copy.flags, "checksum", null) == null
	urls := [source.text | some source in copy.sources; source.kind == "remote"; not _names_commit(source.text)]
	count(urls) > 0
	msg := concat("", ["stage ", stage.id, " fetches ", concat(", ", urls), " without a checksum"])
}

_names_commit(url) if regex.match(`#[0-9a-f]{40}(:|$)`, url)
