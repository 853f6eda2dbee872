# METADATA
# title: Programs do not run as their owner
# description: >-
#   A program with the setuid or setgid bit runs as its owner or group, mostly root, whoever starts it. It undoes
#   USER, unless the Pod sets allowPrivilegeEscalation to false. Those that the large distributions ship in their
#   base images do not count.
# schemas:
#   - input: schema.image
# custom:
#   severity: low
#   applies_to: [image]
#   owner: development
#   remediation: |
#     Take the bit away while building, or give the one capability that is needed:
#     ```dockerfile
#     RUN chmod u-s,g-s /usr/local/bin/helper
#     RUN setcap cap_net_bind_service=+ep /usr/local/bin/app
#     ```
#   frameworks: {nist_800_190: ["4.1.2"], nist_800_53: [AC-6, "AC-6(10)"]}
#   aliases: [CIS-DI-0008]
#   params:
#     expected:
#       type: array
#       items: {type: string}
#       default: [/bin/bbsuid, /bin/mount, /bin/su, /bin/umount, /sbin/pam_extrausers_chkpwd, /sbin/unix_chkpwd, /usr/bin/chage, /usr/bin/chfn, /usr/bin/chsh, /usr/bin/crontab, /usr/bin/expiry, /usr/bin/gpasswd, /usr/bin/mount, /usr/bin/newgrp, /usr/bin/passwd, /usr/bin/su, /usr/bin/umount, /usr/bin/wall, /usr/bin/write, /usr/libexec/utempter/utempter, /usr/sbin/pam_extrausers_chkpwd, /usr/sbin/pam_timestamp_check, /usr/sbin/unix_chkpwd]
#       description: files that may have the bit
package rules.image_configuration.setuid_file

deny contains {"msg": msg, "at": file.at} if {
	some file in input.contents.setuid
	not file.path in input.params["image_configuration.setuid_file"].expected
	msg := concat("", [file.path, " has mode ", file.mode, " and the owner ", format_int(file.owner, 10), ": ", file.layer.called])
}
