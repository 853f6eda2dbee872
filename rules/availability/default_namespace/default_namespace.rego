# METADATA
# title: Objects live in a namespace of their own
# description: >-
#   Whatever shares the default namespace shares its quotas, its network policies and its access rights.
# schemas:
#   - input: schema.kubernetes_object
# custom:
#   severity: low
#   applies_to: [kubernetes_object, workload, service, ingress, configuration, volume_claim, disruption_budget, autoscaler]
#   owner: operations
#   remediation: |
#     Name a namespace:
#     ```yaml
#     metadata: {name: web, namespace: shop}
#     ```
#   frameworks: {cis_kubernetes: ["5.6.4"], nsa_cisa: [namespaces]}
#   aliases: [CKV_K8S_21, KSV-0110, use-namespace, C-0061, C-0212]
package rules.availability.default_namespace

deny contains {"msg": "is in the default namespace", "at": "metadata.namespace"} if {
	input.namespace == "default"
	input.kind in _kinds
	not [input.kind, input.name] in _of_kubernetes
}

_kinds := {
	"Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob", "Rollout",
	"Service", "Ingress", "ConfigMap", "Secret", "ServiceAccount", "PersistentVolumeClaim", "PodDisruptionBudget",
	"HorizontalPodAutoscaler",
}

_of_kubernetes := {["Service", "kubernetes"], ["ServiceAccount", "default"], ["ConfigMap", "kube-root-ca.crt"]}
