# METADATA
# title: Secrets that workloads read are immutable
# description: >-
#   A secret that is changed in place reaches some Pods at once and others at their next restart, and a rollback keeps
#   the new one. Immutable secrets also spare the API server a watch by every node. Certificates and whatever a
#   controller renews are left out.
# schemas:
#   - input: schema.configuration
# custom:
#   severity: low
#   applies_to: [configuration]
#   owner: development
#   remediation: |
#     Make it immutable, with a name per version, and roll the workload when the secret is renewed:
#     ```yaml
#     apiVersion: v1
#     kind: Secret
#     metadata:
#       name: session-v2
#     immutable: true
#     ```
#   frameworks: {nist_800_53: ["CM-3"]}
#   aliases: []
package rules.configuration.mutable_secret

deny contains {"msg": msg, "at": "immutable"} if {
	input.kind == "Secret"
	not input.immutable
	count(input.used_by) > 0
	not _written_by_others
	msg := concat("", ["secret ", input.name, " can be changed under ", concat(", ", input.used_by)])
}

_written_by_others if input.owned

_written_by_others if input.filled_later

# Certificates and tokens are renewed in place by whoever issues them.
_written_by_others if input.type in {"kubernetes.io/tls", "kubernetes.io/service-account-token"}
