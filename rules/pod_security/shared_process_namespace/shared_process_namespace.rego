# METADATA
# title: Containers of a Pod do not share their processes
# description: >-
#   With a shared process namespace each container sees the environment and the open files of the others, by /proc, and can
#   send signals to them: a break-in into one is a break-in into all.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Remove `shareProcessNamespace`; use an ephemeral container with a target to debug:
#     ```yaml
#     spec:
#       shareProcessNamespace: false
#     ```
#   frameworks: {nist_800_190: ["4.4.3"], nist_800_53: [SC-39]}
#   aliases: []
package rules.pod_security.shared_process_namespace

deny contains {"msg": "the containers of the Pod share their processes", "at": at} if {
	input.pod_security.share_process_namespace
	at := concat("", [input.pod.at, ".shareProcessNamespace"])
}
