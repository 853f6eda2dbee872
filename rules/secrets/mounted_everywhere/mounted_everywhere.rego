# METADATA
# title: Secrets are mounted only where they are needed
# description: >-
#   A secret is as safe as the weakest container that has it. Where every container of a Pod mounts it, a hole in the
#   metrics exporter or the proxy beside the application is enough. A small hint: sometimes all of them need it.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Mount it in the container that uses it, and let the others do without.
#   frameworks: {nist_800_53: ["AC-6"]}
#   aliases: []
package rules.secrets.mounted_everywhere

deny contains {"msg": msg, "at": at} if {
	some mounted in input.secrets.mounted_everywhere
	at := concat("", [input.pod.at, ".volumes[", mounted.volume, "]"])
	msg := concat("", ["secret ", mounted.secret, " is mounted in every container"])
}
