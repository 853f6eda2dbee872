# METADATA
# title: A controller keeps Pods alive
# description: >-
#   A Pod without a controller is gone for good when its node is: nothing replaces it, and nothing rolls it back.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Make it a Deployment, a StatefulSet or, for work that ends, a Job:
#     ```yaml
#     apiVersion: apps/v1
#     kind: Deployment
#     ```
#   frameworks: {nist_800_53: [CP-10]}
#   aliases: [C-0073]
package rules.availability.naked_pod

deny contains {"msg": "is a Pod without a controller that would replace it", "at": "kind"} if {
	input.kind == "Pod"
	count(input.owners) == 0
	not input.runs_to_completion
	input.namespace != "kube-system"
	count(_by_others & object.keys(input.annotations)) == 0
}

# Static Pods are the kubelet's, hooks are the release's.
_by_others := {"kubernetes.io/config.mirror", "kubernetes.io/config.source", "helm.sh/hook", "argocd.argoproj.io/hook"}
