# METADATA
# title: /proc is mounted with its masks
# description: >-
#   Runtimes hide parts of /proc that tell about the node or change it. An unmasked /proc shows them; the standard allows it
#   in a user namespace only, from 1.35 on.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Leave `procMount` out, or set the default:
#     ```yaml
#     securityContext:
#       procMount: Default
#     ```
#   frameworks: {pss: ["baseline/proc-mount"], nsa_cisa: [hardened-container-environments], nist_800_190: ["4.4.3", "4.5.5"], nist_800_53: [SC-39]}
#   aliases: [KSV-0027, unsafe-proc-mount, procMount]
package rules.pod_security.proc_mount_unmasked

deny contains {"msg": msg, "at": at} if {
	input.pod_security.asks.masked_proc
	some container in input.containers
	not container.security_context.proc_mount.value in {null, "Default"}
	at := concat("", [container.at, ".securityContext.procMount"])
	msg := concat("", ["container ", container.name, " mounts /proc without its masks"])
}
