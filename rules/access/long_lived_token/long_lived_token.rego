# METADATA
# title: Service accounts have no tokens that last for ever
# description: >-
#   A Secret of this type holds a token that never expires: in a backup, in a log or with somebody who left, it is
#   still good. Pods get short-lived ones by themselves.
# schemas:
#   - input: schema.configuration
# custom:
#   severity: medium
#   applies_to: [configuration]
#   owner: security
#   remediation: |
#     Delete the Secret. Ask for a token when one is needed:
#     ```sh
#     kubectl create token web --namespace shop --duration 1h
#     ```
#   frameworks: {nsa_cisa: [service-account-tokens], nist_800_53: [IA-5]}
#   aliases: []
package rules.access.long_lived_token

deny contains {"msg": msg, "at": "type"} if {
	input.kind == "Secret"
	input.type == "kubernetes.io/service-account-token"
	account := object.get(input.annotations, "kubernetes.io/service-account.name", "not named")
	msg := concat("", ["holds a token of a service account (", account, ") that never expires"])
}
