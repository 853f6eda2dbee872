# METADATA
# title: Images say how to tell that they work
# description: >-
#   Docker, Compose and Swarm know only that the process is there; without HEALTHCHECK a service that hangs keeps its traffic and
#   is never replaced. Kubernetes reads its own probes instead: turn this rule off for images that run only there.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile, image]
#   owner: development
#   remediation: |
#     Ask the service itself, with something that the image holds:
#     ```dockerfile
#     HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
#       CMD wget -q -O /dev/null http://localhost:8080/health || exit 1
#     ```
#     `HEALTHCHECK NONE` says that there is none on purpose.
#   frameworks: {}
#   aliases: [DL3057, CKV_DOCKER_2, DS026, DS-0026, AVD-DS-0026]
package rules.dockerfile.missing_healthcheck

deny contains {"msg": msg, "at": at} if {
	some stage in input.stages
	stage.final
	stage.runnable
	stage.healthcheck == null
	at := concat("", ["stages[", stage.id, "].healthcheck"])
	msg := concat("", [stage.called, " has no health check"])
}
