package rules.secrets.literal_in_config_map_test

import data.rules.secrets.literal_in_config_map
import data.testing.configuration

_holding(kind, key) := configuration.config_map({
	"kind": kind,
	"keys": [configuration.key(key)],
	"params": {"secrets.literal_in_config_map": {"harmless": ["csrf.token"]}},
})

_setting(name) := {"settings": [{"name": name, "secret": "a secret in clear text"}]}

test_secret_is_denied_without_its_value if {
	found := literal_in_config_map.deny with input as _holding("ConfigMap", {"secret": "a private key"})
	found == {{"msg": "key app.properties of config map app-v1 holds a private key", "at": "data[app.properties]"}}
}

test_setting_in_a_file_is_denied_by_its_name if {
	found := literal_in_config_map.deny with input as _holding("ConfigMap", _setting("db.password"))
	found == {{
		"msg": "setting db.password in app.properties of config map app-v1 holds a secret in clear text",
		"at": "data[app.properties]",
	}}
}

test_setting_that_is_declared_harmless_passes if {
	found := literal_in_config_map.deny with input as _holding("ConfigMap", _setting("csrf.token"))
	found == set()
}

test_configuration_without_secrets_passes if {
	found := literal_in_config_map.deny with input as _holding("ConfigMap", {})
	found == set()
}

test_secret_may_hold_secrets if {
	found := literal_in_config_map.deny with input as _holding("Secret", {"secret": "a private key"})
	found == set()
}

test_secret_may_have_settings_that_are_secrets if {
	found := literal_in_config_map.deny with input as _holding("Secret", _setting("db.password"))
	found == set()
}
