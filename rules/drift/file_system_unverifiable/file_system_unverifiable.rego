# METADATA
# title: Nothing can be written into running containers
# description: >-
#   Where a container can write to its root file system, or to a volume that outlives its Pod, somebody may have
#   changed what runs, and nobody sees it from outside. With a read-only root nothing was changed, because nothing
#   could be.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: info
#   applies_to: [live_object]
#   owner: development
#   remediation: |
#     Make the root file system read-only, and give the container an `emptyDir` for what it has to write:
#     ```yaml
#     containers:
#     - name: web
#       securityContext: {readOnlyRootFilesystem: true}
#       volumeMounts: [{name: tmp, mountPath: /tmp}]
#     volumes:
#     - {name: tmp, emptyDir: {}}
#     ```
#   frameworks: {nist_800_53: ["CM-5", "SI-7"]}
#   aliases: []
package rules.drift.file_system_unverifiable

deny contains {"msg": msg, "at": container.at} if {
	some container in input.workload.containers
	container.file_system.writes == "unverifiable"
	places := concat(", ", [place | some writable in container.file_system.writable; place := _place(writable)])
	msg := concat("", ["what container ", container.name, " may have written cannot be seen from outside: ", places])
}

_place(writable) := concat("", [writable.path, " (", writable.kind, ")"])
