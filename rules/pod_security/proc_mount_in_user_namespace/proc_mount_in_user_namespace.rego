# METADATA
# title: /proc is mounted with its masks in user namespaces too
# description: >-
#   From Kubernetes 1.35 on the baseline standard lets a Pod in a user namespace unmask /proc; the restricted one does not,
#   because what is shown there still tells about the node.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Leave `procMount` out, unless the Pod runs containers itself:
#     ```yaml
#     securityContext:
#       procMount: Default
#     ```
#   frameworks: {pss: ["restricted/proc-mount"], nsa_cisa: [hardened-container-environments], nist_800_190: ["4.4.3"], nist_800_53: [SC-39]}
#   aliases: []
package rules.pod_security.proc_mount_in_user_namespace

deny contains {"msg": msg, "at": at} if {
	not input.pod_security.asks.masked_proc
	some container in input.containers
	not container.security_context.proc_mount.value in {null, "Default"}
	at := concat("", [container.at, ".securityContext.procMount"])
	msg := concat("", ["container ", container.name, " mounts /proc without its masks"])
}
