# METADATA
# title: Keys that a workload reads are in its configuration
# description: >-
#   The ConfigMap or Secret is there, but not the key: the container is never created, and the rollout hangs with
#   CreateContainerConfigError or an unmounted volume.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Add the key, correct its name, or say that the Pod can do without it:
#     ```yaml
#     configMapKeyRef:
#       name: web-v1
#       key: log-level
#       optional: true
#     ```
#   frameworks: {nist_800_53: ["CM-2"]}
#   aliases: [env-value-from]
package rules.configuration.missing_key

deny contains {"msg": msg, "at": use.at} if {
	some read in input.configuration
	some use in read.uses
	use.key_found == false
	not use.optional
	msg := concat("", [lower(read.kind), " ", read.name, " has no key ", use.key])
}
