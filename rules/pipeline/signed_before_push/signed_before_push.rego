# METADATA
# title: Images are signed once they are in the registry
# description: >-
#   A signature is stored in the registry, beside the image and by its digest, which the push decides. Signing first
#   fails, or signs whatever the tag named until then: an older image gets the signature that the new one needs.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: high
#   applies_to: [pipeline]
#   owner: development
#   remediation: |
#     Push, take the digest that the registry has, and sign that:
#     ```yaml
#     script:
#       - docker push registry.example.com/web:v1.2.0
#       - DIGEST=$(crane digest registry.example.com/web:v1.2.0)
#       - cosign sign --yes --key ${COSIGN_KEY} registry.example.com/web@${DIGEST}
#     ```
#   frameworks: {nist_800_53: [CM-14, "SI-7(15)"]}
#   aliases: []
package rules.pipeline.signed_before_push

deny contains {"msg": msg, "at": act.at} if {
	some act in input.jobs[_].steps[_].acts
	act.kind == "sign"
	act.order.publish == "after"
	msg := concat("", ["job ", act.job, " signs ", act.image.text, " before it is pushed"])
}
