# METADATA
# title: Pipelines replace what runs, and do not reach into it
# description: >-
#   What is changed inside a running container or host is in no image and no repository: the next instance starts
#   without it, and nobody can say what runs. Commands that only look, and clusters that live no longer than the job,
#   are fine.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: medium
#   applies_to: [pipeline]
#   owner: operations
#   remediation: |
#     Put the change into the image or the manifest, and roll that out:
#     ```yaml
#     - docker build -t registry.example.com/web:v1.2.1 .
#     - kubectl set image deployment/web web=registry.example.com/web@${DIGEST}
#     ```
#   frameworks: {nist_800_53: [CM-3, SI-14], pci_dss_4: ["6.5.1"]}
#   aliases: []
package rules.pipeline.changes_running_instance

deny contains {"msg": msg, "at": act.at} if {
	some act in input.jobs[_].steps[_].acts
	act.kind in {"exec", "ssh"}
	act.changes
	msg := concat("", ["job ", act.job, " changes a running instance through ", act.tool])
}
