# METADATA
# title: Images do not declare volumes for state
# description: >-
#   For every VOLUME, Docker makes an anonymous volume at each start: data ends up on one node, under a name that
#   nobody gave, and is left behind when the container is replaced. Where state lives is for the deployment to say.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: info
#   applies_to: [dockerfile, image]
#   owner: operations
#   remediation: |
#     Take VOLUME out, and name the volume where the container is deployed:
#     ```yaml
#     volumeClaimTemplates:
#       - metadata: {name: data}
#     ```
#   frameworks: {nist_800_53: [SI-14]}
#   aliases: []
package rules.dockerfile.volume_for_state

deny contains {"msg": msg, "at": volume.at} if {
	some stage in input.stages
	stage.shipped
	some volume in stage.volumes
	msg := concat("", [stage.called, " declares a volume for ", volume.path])
}
