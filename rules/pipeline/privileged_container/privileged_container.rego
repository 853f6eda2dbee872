# METADATA
# title: Jobs run without privileged containers
# description: >-
#   A privileged container, and Docker in Docker is one, can take over the machine that it runs on, and with it the
#   next job there. Builders that need no privileges do the same work.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: info
#   applies_to: [pipeline]
#   owner: operations
#   remediation: |
#     Build with a builder that needs no daemon:
#     ```yaml
#     build:
#       image: quay.io/buildah/stable:v1.41.0
#       script:
#         - buildah build -t registry.example.com/web:v1.2.0 .
#     ```
#   frameworks: {nist_800_53: [AC-6, SC-39]}
#   aliases: []
package rules.pipeline.privileged_container

deny contains {"msg": msg, "at": used.at} if {
	some job in input.jobs
	some used in job.images
	used.privileged
	msg := concat("", ["job ", job.name, " needs a privileged container for ", used.image.text])
}
