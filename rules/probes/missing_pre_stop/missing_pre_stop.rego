# METADATA
# title: What serves waits before it stops
# description: >-
#   A Pod that is deleted gets its signal to stop while load balancers still send it requests for a few seconds;
#   what stops at once drops them, at every rollout. A program that keeps serving for a while after SIGTERM needs no hook: waive this there.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Wait before the signal (Kubernetes 1.30; before that `exec: {command: [sleep, "5"]}`):
#     ```yaml
#     lifecycle:
#       preStop:
#         sleep: {seconds: 5}
#     ```
#   frameworks: {}
#   aliases: []
package rules.probes.missing_pre_stop

deny contains {"msg": msg, "at": container.at} if {
	count(input.services) > 0
	some container in input.containers
	container.kind == "main"
	count(container.ports) > 0
	container.pre_stop == null
	msg := concat("", ["container ", container.name, " has no preStop hook, though the service ", input.services[0], " sends it requests"])
}
