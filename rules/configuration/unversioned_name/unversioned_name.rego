# METADATA
# title: Immutable configuration has a name per version
# description: >-
#   An immutable ConfigMap or Secret cannot be changed, only replaced. Under a fixed name that means deleting it first,
#   while Pods that start in between find none, and the old version is gone when a rollback needs it.
# schemas:
#   - input: schema.configuration
# custom:
#   severity: low
#   applies_to: [configuration]
#   owner: development
#   remediation: |
#     Put a version, a date or a hash at the end of the name. Kustomize's generators and Helm can do it:
#     ```yaml
#     metadata:
#       name: web-20240301
#     immutable: true
#     ```
#   frameworks: {nist_800_53: ["CM-3"]}
#   aliases: []
package rules.configuration.unversioned_name

deny contains {"msg": msg, "at": "metadata.name"} if {
	input.immutable
	input.versioned_name == null
	count(input.used_by) > 0
	msg := concat("", [lower(input.kind), " ", input.name, " is immutable, but its name tells no version"])
}
