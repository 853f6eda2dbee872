# METADATA
# title: No layer holds a secret
# description: >-
#   Everyone who can pull the image can read every layer of it. A file that a later layer deletes is still there: it
#   is hidden when a container runs, and lies open in the blob. The value is never printed.
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   applies_to: [image]
#   owner: security
#   remediation: |
#     Mount what the build needs, and change the secret that was shipped:
#     ```dockerfile
#     RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci
#     ```
#     Deleting the file in a later RUN does not help; build the image again without it.
#   frameworks: {nist_800_190: ["4.1.4"], pci_dss_4: ["8.6.2"], nist_800_53: ["IA-5(7)"]}
#   aliases: [CIS-DI-0010]
#   params:
#     harmless:
#       type: array
#       items: {type: string}
#       default: []
#       description: paths of files that hold no secret that matters, such as a key for tests
package rules.image_configuration.secret_in_layer

deny contains {"msg": msg, "at": secret.at} if {
	some secret in input.contents.secrets
	not secret.path in input.params["image_configuration.secret_in_layer"].harmless
	msg := concat("", [secret.path, " is or holds ", secret.what, _deleted(secret), ": ", secret.layer.called])
}

_deleted(secret) := "" if secret.deleted == false

_deleted(secret) := ", and is only hidden by a higher layer" if secret.deleted == true
