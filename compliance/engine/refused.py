"""The built-in functions of Rego that rules may not call, and why."""

from __future__ import annotations

NOT_PURE = frozenset(
    {
        "http.send",
        "io.jwt.decode_verify",
        "io.jwt.encode_sign",
        "io.jwt.encode_sign_raw",
        "json.match_schema",
        "json.verify_schema",
        "net.lookup_ip_addr",
        "opa.runtime",
        "rand.intn",
        "time.now_ns",
        "uuid.rfc4122",
    }
)
"""Functions whose answer hangs on more than the facts (network, clock, chance, environment): no engine offers them."""

NOT_IN_WASM = frozenset(
    {
        "crypto.parse_private_keys",
        "crypto.x509.parse_and_verify_certificates",
        "crypto.x509.parse_and_verify_certificates_with_options",
        "crypto.x509.parse_certificate_request",
        "crypto.x509.parse_certificates",
        "crypto.x509.parse_keypair",
        "crypto.x509.parse_rsa_private_key",
        "graph.reachable_paths",
        "graphql.is_valid",
        "graphql.parse",
        "graphql.parse_and_verify",
        "graphql.parse_query",
        "graphql.parse_schema",
        "graphql.schema_is_valid",
        "io.jwt.decode",
        "io.jwt.verify_eddsa",
        "io.jwt.verify_es256",
        "io.jwt.verify_es384",
        "io.jwt.verify_es512",
        "io.jwt.verify_hs256",
        "io.jwt.verify_hs384",
        "io.jwt.verify_hs512",
        "io.jwt.verify_ps256",
        "io.jwt.verify_ps384",
        "io.jwt.verify_ps512",
        "io.jwt.verify_rs256",
        "io.jwt.verify_rs384",
        "io.jwt.verify_rs512",
        "json.marshal_with_options",
        "json.patch",
        "net.cidr_merge",
        "providers.aws.sign_req",
        "regex.globs_match",
        "regex.replace",
        "regex.split",
        "regex.template_match",
        "rego.parse_module",
        "strings.render_template",
        "uri.is_valid",
        "uri.parse",
        "yaml.marshal",
    }
)
"""Functions that OPA's Wasm leaves to its host and that this one does not have; the opa engine does."""


def why(name: str) -> str:
    """Say why a rule may not call `name`."""
    if name in NOT_PURE:
        return f"{name} is not available to rules: a verdict may hang on the facts alone"
    return f"{name} is not available in the wasm engine"


def remedy(name: str) -> str:
    """Say what to do instead of calling `name`."""
    if name in NOT_PURE:
        return "judge what the facts say; they carry what is known and when"
    return "use --engine opa, or write the rule without it"
