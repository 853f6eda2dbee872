# METADATA
# title: Service account tokens are mounted on purpose
# description: >-
#   A token is in every Pod unless somebody says otherwise, and whoever gets into the Pod can use it. Where the API is
#   called, say so; where it is not, leave the token out.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Decide, in the Pod or in its account:
#     ```yaml
#     spec:
#       serviceAccountName: web
#       automountServiceAccountToken: false   # or true, where the API is called
#     ```
#   frameworks: {cis_kubernetes: ["5.1.6"], nsa_cisa: [service-account-tokens], nist_800_53: [AC-6]}
#   aliases: [CKV_K8S_38, C-0034, automountServiceAccountToken]
package rules.pod_security.service_account_token_automounted

deny contains {"msg": msg, "at": input.pod.at} if {
	account := input.pod_security.service_account
	account.name != "default"
	account.automount == null
	msg := concat("", ["the token of service account ", account.name, " is mounted because nobody says otherwise"])
}
