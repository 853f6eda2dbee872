# METADATA
# title: Pods run images that the signers of their policy vouch for
# description: >-
#   Whoever can push, or load an image on a node, can run it. The digest that runs has no signature, or lacks an
#   attestation, that its verification policy asks for, so that it did not come out of your pipeline.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: high
#   applies_to: [live_object]
#   owner: security
#   remediation: |
#     See what was signed, and by whom; then deploy a digest that your pipeline signed, and replace the Pods:
#     ```sh
#     compliance verify registry.example.com/shop/web@sha256:…
#     kubectl --namespace shop rollout restart deployment/web
#     ```
#     Admission that asks for the same policy keeps others out.
#   frameworks: {nist_800_53: ["CM-14", "SI-7(15)", "SR-11"], nist_800_190: ["4.1.5", "4.4.5"], slsa: ["verification"]}
#   aliases: []
package rules.drift.running_image_unsigned

deny contains {"msg": msg, "at": at} if {
	some container in input.workload.containers
	some running in container.running
	running.signed == false
	at := concat("", [container.at, ".image"])
	pods := concat("", [" in Pod ", running.example, " (", format_int(running.pods, 10), " in all)"])
	msg := concat("", ["container ", container.name, " runs ", running.digest, pods, ", and ", running.unsigned_because])
}
