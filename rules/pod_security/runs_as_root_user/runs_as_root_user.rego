# METADATA
# title: Containers do not set user 0
# description: >-
#   The manifest itself asks for root, whatever the image says. Root in a container is root on the node for whatever gets
#   past the container.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Choose a user by number, and have the kubelet insist:
#     ```yaml
#     spec:
#       securityContext:
#         runAsNonRoot: true
#         runAsUser: 10001
#     ```
#   frameworks: {cis_kubernetes: ["5.2.7"], pss: ["restricted/running-as-non-root-user"], nsa_cisa: [non-root-containers], nist_800_190: ["4.4.3"], nist_800_53: [AC-6, AC-6(10)], pci_dss_4: ["2.2.6"]}
#   aliases: [KSV-0105]
package rules.pod_security.runs_as_root_user

deny contains {"msg": msg, "at": at} if {
	input.pod_security.asks.non_root_user
	some context in input.pod_security.contexts
	context.run_as_user == 0
	at := concat("", [context.at, ".runAsUser"])
	msg := concat("", [context.of, " runs as root"])
}
