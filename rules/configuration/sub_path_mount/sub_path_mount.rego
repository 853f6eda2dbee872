# METADATA
# title: Configuration is not mounted file by file
# description: >-
#   A file that is mounted by subPath never sees a change of its ConfigMap or Secret, while the same one mounted as a
#   folder does: two Pods of one workload may run different configuration for as long as they live. Immutable
#   configuration is left out.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Mount the folder, or make the configuration immutable with a name per version:
#     ```yaml
#     volumeMounts:
#       - name: config
#         mountPath: /etc/web/conf.d
#     ```
#   frameworks: {}
#   aliases: []
package rules.configuration.sub_path_mount

deny contains {"msg": msg, "at": use.at} if {
	some read in input.configuration
	read.immutable == false
	some use in read.uses
	use.how == "sub_path"
	msg := concat("", [lower(read.kind), " ", read.name, " is mounted by subPath, so that no change of it arrives"])
}
