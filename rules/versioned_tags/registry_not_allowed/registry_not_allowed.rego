# METADATA
# title: Images come from allowed registries
# description: >-
#   An image from anywhere else has passed neither your scanner nor your signature; whoever holds that registry decides what runs.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Mirror the image into a registry of yours and name it there, or add the registry to `registries:` in compliance.yaml.
#   frameworks: {nist_800_190: ["4.1.5"]}
#   aliases: [C-0078, KSV-0125, K8sAllowedRepos]
#   params:
#     registries:
#       type: array
#       items: {type: string}
#       default: []
#       description: registries, or registries with the start of a repository, that images may come from; empty allows all
package rules.versioned_tags.registry_not_allowed

deny contains {"msg": msg, "at": at} if {
	allowed := input.params["versioned_tags.registry_not_allowed"].registries
	count(allowed) > 0
	some container in input.containers
	container.image.valid
	not _from(container.image, allowed)
	at := concat("", [container.at, ".image"])
	msg := concat("", ["container ", container.name, " runs ", container.image.text, ", which is in no allowed registry"])
}

_from(image, allowed) if {
	some prefix in allowed
	some form in [image.name, image.text]
	startswith(form, concat("", [trim_suffix(prefix, "/"), "/"]))
}
