"""Configuration meets catalogue: which rules run, how severe they are, and with which parameters.

The most exact word wins, whatever the order: the rule's id or alias, then `pack.*`, then `*`, then `packs`, then the
rule itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import CatalogueError, ConfigurationError, UsageError
from compliance.shape import Shape, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compliance.catalogue import Catalogue
    from compliance.config import Config, RuleSetting
    from compliance.model import Rule, Severity
    from compliance.positioned_yaml import Key

REGISTRY_RULE: Final = "versioned_tags.registry_not_allowed"
REGISTRY_PARAM: Final = "registries"


@dataclass(frozen=True, slots=True)
class EffectiveRule:
    """A rule that is to run: the severity of its findings, and a value for each of its parameters."""

    rule: Rule
    severity: Severity
    params: Mapping[str, Any]


def effective_rules(config: Config, catalogue: Catalogue) -> dict[str, EffectiveRule]:
    """Return the rules that are to run, by id in the catalogue's order.

    Raises:
        ConfigurationError: the configuration names an unknown rule, pack or parameter, says two things about one rule,
            or gives a parameter a value that the rule does not take; with file, line and key.
        CatalogueError: the parameters of a rule are no JSON schema.
    """
    keys = _checked_keys(config, catalogue)
    rules = catalogue.rules.values()
    return {rule.id: run for rule in rules if (run := _effective(rule, keys.get(rule.id), config))}


def _checked_keys(config: Config, catalogue: Catalogue) -> dict[str, str]:
    """Check every name and parameter, and map each rule's id to the key that names it."""
    packs = {rule.pack for rule in catalogue.rules.values()}
    for pack in {**config.pack_fail_on, **config.pack_enabled}:
        if pack not in packs:
            raise _unknown(config, "pack", pack, packs, "packs", pack)
    keys: dict[str, str] = {}
    for key, setting in config.rules.items():
        if key == "*" or key.endswith(".*"):
            _check_wide(config, key, setting, packs)
            continue
        rule = _named(config, key, catalogue)
        if rule.id in keys:
            raise _wrong(config, f"rules.{key} is the same rule as rules.{keys[rule.id]}", "keep one", "rules", key)
        _check_params(rule, key, config)
        keys[rule.id] = key
    return keys


def _check_wide(config: Config, key: str, setting: RuleSetting, packs: set[str]) -> None:
    pack = key.removesuffix("*").removesuffix(".")
    if pack and pack not in packs:
        raise _unknown(config, "pack", pack, packs, "rules", key)
    if setting.params:
        why = f"rules.{key}.params: parameters belong to one rule"
        raise _wrong(config, why, "give them under the rule's own id", "rules", key, "params")


def _named(config: Config, key: str, catalogue: Catalogue) -> Rule:
    try:
        rule = catalogue.get(key)
    except UsageError as error:
        raise _wrong(config, f"rules.{key}: {error.message}", error.remedy, "rules", key) from error
    if rule is None:
        raise _unknown(config, "rule", key, catalogue.rules, "rules", key)
    return rule


def _effective(rule: Rule, key: str | None, config: Config) -> EffectiveRule | None:
    names = [name for name in (key, f"{rule.pack}.*", "*") if name in config.rules]
    said = [config.rules[name] for name in names if name is not None]
    enabled = [each.enabled for each in said if each.enabled is not None]
    if not (enabled or [config.pack_enabled.get(rule.pack, True)])[0]:
        return None
    severities = [each.severity for each in said if each.severity is not None]
    return EffectiveRule(rule, (severities or [rule.severity])[0], _params(rule, key, config))


def _check_params(rule: Rule, key: str, config: Config) -> None:
    given = dict(config.rules[key].params)
    if not given:
        return
    schema = {"type": "object", "additionalProperties": False, "properties": dict(rule.params)}
    try:
        problems = Shape(schema).problems(given)
    except ValueError as error:
        raise CatalogueError(f"the parameters of the rule {rule.id}: {error}") from error
    for problem in problems:
        why = f"rules.{key}.params.{problem.message}"
        raise _wrong(config, why, problem.remedy, "rules", key, "params", *problem.place)


def _params(rule: Rule, key: str | None, config: Config) -> dict[str, Any]:
    given = dict(config.rules[key].params) if key else {}
    if rule.id == REGISTRY_RULE and config.registries:
        if key and REGISTRY_PARAM in given:
            why = f"rules.{key}.params.{REGISTRY_PARAM} repeats `registries`"
            raise _wrong(config, why, "keep one", "rules", key, "params", REGISTRY_PARAM)
        given[REGISTRY_PARAM] = list(config.registries)
    return {name: spec.get("default") for name, spec in rule.params.items()} | given


def _unknown(config: Config, what: str, name: str, known: Iterable[str], *place: Key) -> ConfigurationError:
    remedy = suggestion(name, sorted(known)) or "`compliance rules list` lists them"
    return _wrong(config, f"{place[0]}.{place[1]}: there is no {what} {name!r}", remedy, *place)


def _wrong(config: Config, why: str, remedy: str, *place: Key) -> ConfigurationError:
    return ConfigurationError(why, remedy=remedy, origin=config.origin(*place))
