# METADATA
# title: The signature is verified before a deployment
# description: >-
#   Without a look at the signature the pipeline deploys whatever the registry answers with. Admission should verify
#   too; here the mistake is found before the rollout starts. Pipelines that take parts from elsewhere are not judged.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: low
#   applies_to: [pipeline]
#   owner: operations
#   remediation: |
#     Verify what is about to be deployed, by its digest:
#     ```yaml
#     - cosign verify --key cosign.pub registry.example.com/web@${DIGEST}
#     - kubectl set image deployment/web web=registry.example.com/web@${DIGEST}
#     ```
#   frameworks: {nist_800_53: [CM-14, SI-7], slsa: [verification]}
#   aliases: []
package rules.pipeline.deployed_unverified

deny contains {"msg": msg, "at": job.at} if {
	input.complete
	some job in input.jobs
	some act in job.steps[_].acts
	act.kind in {"deploy", "set_image"}
	act.order.verify != "before"
	msg := concat("", ["job ", job.name, " deploys without a verified signature"])
}
