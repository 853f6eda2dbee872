# METADATA
# title: A namespace has a quota
# description: >-
#   Without a ResourceQuota one team's mistake takes the resources of all the others in the cluster.
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
#     kind: ResourceQuota
#     metadata:
#       name: shop
#       namespace: shop
#     spec:
#       hard:
#         requests.cpu: "20"
#         requests.memory: 40Gi
#     ```
#   frameworks: {nsa_cisa: [resource-policies]}
#   aliases: [KSV-0040]
package rules.resource_limits.namespace_without_quota

deny contains {"msg": msg, "at": "metadata.name"} if {
	not input.name in {"default", "kube-system", "kube-public", "kube-node-lease"}
	count(input.resource_quotas) == 0
	msg := concat("", ["no ResourceQuota ", _where[input.inventory], " is for this namespace"])
}

_where := {"complete": "of the cluster", "partial": "among the scanned files"}
