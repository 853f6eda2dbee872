# METADATA
# title: RUN writes down no secrets
# description: >-
#   A secret in a RUN stands in the Dockerfile and in the history of the image, for everyone who can read one of
#   them. The value is never printed. Values that say that they are none, such as dummy, do not count.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: high
#   applies_to: [dockerfile, image]
#   owner: security
#   remediation: |
#     Mount the secret while building:
#     ```dockerfile
#     RUN --mount=type=secret,id=db_password DB_PASSWORD="$(cat /run/secrets/db_password)" ./migrate
#     ```
#     Then change the secret that was written down.
#   frameworks: {nist_800_190: ["4.1.4"], pci_dss_4: ["8.6.2"], nist_800_53: ["IA-5(7)"]}
#   aliases: []
package rules.dockerfile.secret_in_run

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	count(run.secrets) > 0
	msg := concat("", [stage.called, " writes a secret into a RUN: ", concat(", ", run.secrets)])
}
