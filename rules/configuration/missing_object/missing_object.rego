# METADATA
# title: Configuration that a workload reads exists
# description: >-
#   A Pod whose ConfigMap or Secret is not there does not start: it waits, and the rollout hangs. In a cluster every
#   reference is judged. Among files, which need not be all that there are, only those are that miss the name of another
#   by a slip.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Apply the object, correct the name, or say that the Pod can do without it:
#     ```yaml
#     configMapRef:
#       name: web-overrides
#       optional: true
#     ```
#   frameworks: {nist_800_53: ["CM-2"]}
#   aliases: []
package rules.configuration.missing_object

deny contains {"msg": msg, "at": use.at} if {
	input.inventory == "complete"
	some read in input.configuration
	not read.found
	some use in _needed(read)
	msg := concat("", [lower(read.kind), " ", read.name, " does not exist"])
}

deny contains {"msg": msg, "at": use.at} if {
	input.inventory == "partial"
	some read in input.configuration
	read.similar != null
	some use in _needed(read)
	msg := concat("", [lower(read.kind), " ", read.name, " is not among the scanned files, but ", read.similar, " is"])
}

# Without a registry's password the Pod is still made; the pull may work.
_needed(read) := [use | some use in read.uses; use.how in {"env", "env_from", "volume"}; not use.optional]
