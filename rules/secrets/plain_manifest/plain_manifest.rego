# METADATA
# title: Secrets are not kept in files as they are
# description: >-
#   A Secret's data is only encoded: whoever can read the repository, a fork of it or its history has the secret, and it
#   cannot be taken back. Placeholders, certificates, configuration without secrets, values that SOPS encrypted, and
#   what a chart makes while it renders are left out.
# schemas:
#   - input: schema.configuration
# custom:
#   severity: high
#   applies_to: [configuration]
#   owner: security
#   remediation: |
#     Keep it in a secret store and refer to it (External Secrets, CSI driver), or encrypt it (Sealed Secrets, SOPS), and
#     change the secret that was written down:
#     ```yaml
#     apiVersion: external-secrets.io/v1
#     kind: ExternalSecret
#     metadata:
#       name: db-v1
#     spec:
#       secretStoreRef: {name: vault, kind: ClusterSecretStore}
#       target: {name: db-v1, immutable: true}
#       data:
#         - secretKey: password
#           remoteRef: {key: web/db, property: password}
#     ```
#   frameworks: {nist_800_53: ["IA-5(7)"], pci_dss_4: ["8.6.2"]}
#   aliases: []
package rules.secrets.plain_manifest

deny contains {"msg": msg, "at": "kind"} if {
	input.kind == "Secret"
	input.inventory == "partial"
	_is_a_file
	not input.encrypted
	not input.type in {"kubernetes.io/service-account-token", "helm.sh/release.v1"}
	keys := [key.key | some key in input.keys; key.secret != null]
	count(keys) > 0
	msg := concat("", ["secret ", input.name, " is kept in a file as it is: ", concat(", ", keys)])
}

_is_a_file if {
	input.rendered_by == null
	object.get(input.labels, "app.kubernetes.io/managed-by", "") != "Helm"
}

# A generator of Kustomize, which adds a hash to the name, may read files that are not kept; plain manifests are.
_is_a_file if {
	startswith(input.rendered_by, "Kustomize")
	input.versioned_name != "hash"
}
