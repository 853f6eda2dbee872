# METADATA
# title: A namespace has default requests and limits
# description: >-
#   Without a LimitRange a container that names no requests gets none, and runs with whatever the node has left.
# schemas:
#   - input: schema.namespace
# custom:
#   severity: low
#   applies_to: [namespace]
#   owner: operations
#   remediation: |
#     Add one:
#     ```yaml
#     apiVersion: v1
#     kind: LimitRange
#     metadata:
#       name: defaults
#       namespace: shop
#     spec:
#       limits:
#         - type: Container
#           defaultRequest: {cpu: 100m, memory: 128Mi}
#           default: {memory: 256Mi}
#     ```
#   frameworks: {nsa_cisa: [resource-policies]}
#   aliases: [KSV-0039]
package rules.resource_limits.namespace_without_limit_range

deny contains {"msg": msg, "at": "metadata.name"} if {
	not input.name in {"default", "kube-system", "kube-public", "kube-node-lease"}
	count(input.limit_ranges) == 0
	msg := concat("", ["no LimitRange ", _where[input.inventory], " is for this namespace"])
}

_where := {"complete": "of the cluster", "partial": "among the scanned files"}
