# METADATA
# title: ConfigMaps hold no secrets
# description: >-
#   ConfigMaps are readable for whoever may look at a namespace, are neither encrypted nor audited as Secrets are, and
#   lie in Git. Single values and settings in properties, JSON, YAML, TOML and INI files are judged; the value is never
#   printed.
# schemas:
#   - input: schema.configuration
# custom:
#   severity: high
#   applies_to: [configuration]
#   owner: security
#   remediation: |
#     Move it into a secret store, mount it beside the configuration, and change the secret that was written down:
#     ```properties
#     db.password=${file:/etc/db/password}
#     ```
#   frameworks: {nist_800_190: ["4.1.4"], nist_800_53: ["IA-5(7)"], pci_dss_4: ["8.6.2"]}
#   aliases: [KSV-0109, AVD-KSV-0109, sensitiveConfigmapContent, C-0012]
#   params:
#     harmless:
#       type: array
#       items: {type: string}
#       default: []
#       description: settings that look like a secret's and hold none
package rules.secrets.literal_in_config_map

deny contains {"msg": msg, "at": key.at} if {
	input.kind == "ConfigMap"
	some key in input.keys
	key.secret != null
	msg := concat("", ["key ", key.key, " of config map ", input.name, " holds ", key.secret])
}

deny contains {"msg": msg, "at": key.at} if {
	input.kind == "ConfigMap"
	some key in input.keys
	key.secret == null
	some setting in key.settings
	not setting.name in input.params["secrets.literal_in_config_map"].harmless
	msg := concat("", ["setting ", setting.name, " in ", key.key, " of config map ", input.name, " holds ", setting.secret])
}
