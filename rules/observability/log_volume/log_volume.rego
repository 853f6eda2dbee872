# METADATA
# title: Logs are kept on no volume of the Pod
# description: >-
#   A log on a volume that no other container reads is seen by nobody until somebody logs in to the instance, and goes with
#   it.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Write to standard output, or read the volume in a sidecar that passes the log on:
#     ```yaml
#     env:
#       - {name: LOG_FILE, value: /dev/stdout}
#     ```
#   frameworks: {nist_800_53: [AU-12]}
#   aliases: []
package rules.observability.log_volume

deny contains {"msg": msg, "at": volume.at} if {
	some volume in input.observability.log_volumes
	msg := concat("", [volume.of, " keeps logs in ", volume.path, " on a volume (", volume.volume, ") that no other container reads"])
}
