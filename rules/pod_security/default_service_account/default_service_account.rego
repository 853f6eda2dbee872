# METADATA
# title: Pods do not carry the token of the default service account
# description: >-
#   Whatever is granted to the default service account is granted to every Pod of the namespace that names none. A Pod that
#   does not call the API needs no token, and one that does needs an account of its own.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Give the workload an account of its own, or no token:
#     ```yaml
#     spec:
#       serviceAccountName: web
#       automountServiceAccountToken: false
#     ```
#   frameworks: {cis_kubernetes: ["5.1.5", "5.1.6"], nsa_cisa: [service-account-tokens], nist_800_190: ["4.3.1"], nist_800_53: [AC-6, IA-5], pci_dss_4: ["7.2.2"]}
#   aliases: [default-service-account]
package rules.pod_security.default_service_account

deny contains {"msg": "nothing keeps the token of the default service account out of the Pod", "at": input.pod.at} if {
	count(input.containers) > 0
	input.pod_security.service_account.name == "default"
	input.pod_security.service_account.automount != false
}
