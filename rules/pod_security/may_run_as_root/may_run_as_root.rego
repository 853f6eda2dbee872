# METADATA
# title: Containers must run as a user other than root
# description: >-
#   Root in a container is root on the node for whatever gets past the container. With `runAsNonRoot: true` the kubelet
#   refuses to start an image that would run as root; `runAsUser` alone can be overlooked in the next manifest.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Give the image a user by number, and have the kubelet insist on it:
#     ```yaml
#     spec:
#       securityContext:
#         runAsNonRoot: true
#     ```
#   frameworks: {cis_kubernetes: ["5.2.7", "5.6.3"], pss: ["restricted/running-as-non-root"], nsa_cisa: [non-root-containers], nist_800_190: ["4.4.3"], nist_800_53: [AC-6, AC-6(10)], pci_dss_4: ["2.2.6"]}
#   aliases: [CKV_K8S_23, KSV-0012, C-0013, run-as-non-root, runAsRootAllowed]
package rules.pod_security.may_run_as_root

deny contains {"msg": msg, "at": at} if {
	input.pod_security.asks.non_root
	some context in input.pod_security.contexts
	context.run_as_non_root == false
	not _is_root(context.run_as_user)
	at := concat("", [context.at, ".runAsNonRoot"])
	msg := concat("", [context.of, " is allowed to run as root"])
}

deny contains {"msg": msg, "at": container.at} if {
	input.pod_security.asks.non_root
	some container in input.containers
	container.security_context.run_as_non_root.value == null
	not _is_root(container.security_context.run_as_user.value)
	msg := concat("", ["container ", container.name, " does not set runAsNonRoot"])
}

# User 0 is the matter of runs_as_root_user, in versions of the standard that have it.
_is_root(user) if {
	input.pod_security.asks.non_root_user
	user == 0
}
