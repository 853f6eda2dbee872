# METADATA
# title: A Service does not redirect to a name outside of the cluster
# description: >-
#   An ExternalName is a name of the DNS under the name of a Service: whoever may change the one or the other leads
#   clients to a server of their choice, and network policies that select Pods do not hold for it.
# schemas:
#   - input: schema.service
# custom:
#   severity: low
#   applies_to: [service]
#   owner: development
#   remediation: |
#     Give the application the real name by its configuration:
#     ```yaml
#     env:
#       - {name: DATABASE_HOST, value: db.example.com}
#     ```
#   frameworks: {nist_800_53: [SC-7]}
#   aliases: []
package rules.network_policies.external_name

deny contains {"msg": msg, "at": "spec.externalName"} if {
	input.external_name != null
	not regex.match(`\.svc(\.|$)`, input.external_name)
	msg := concat("", ["redirects to ", input.external_name])
}
