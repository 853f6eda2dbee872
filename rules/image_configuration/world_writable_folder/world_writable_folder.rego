# METADATA
# title: Folders are not writable for everybody
# description: >-
#   In a folder that everybody may write to, without the sticky bit, every process may replace every file, whoever
#   owns it: whoever breaks into the least of them changes what the others run or read.
# schemas:
#   - input: schema.image
# custom:
#   severity: low
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Give the folder to the user that needs it, or set the sticky bit where several do:
#     ```dockerfile
#     RUN install -d -o 10001 -g 10001 -m 0750 /var/lib/app
#     RUN chmod 1777 /scratch
#     ```
#   frameworks: {nist_800_190: ["4.1.2"], nist_800_53: [AC-6, CM-6]}
#   aliases: []
#   params:
#     expected:
#       type: array
#       items: {type: string}
#       default: []
#       description: folders that may be writable for everybody
package rules.image_configuration.world_writable_folder

deny contains {"msg": msg, "at": folder.at} if {
	some folder in input.contents.world_writable
	not folder.path in input.params["image_configuration.world_writable_folder"].expected
	msg := concat("", [folder.path, " is writable for everybody and has no sticky bit: ", folder.layer.called])
}
