"""What a machine, its template, its group or its image says, whichever cloud it is in.

Names and defaults are those of the Terraform providers' documentation (aws 6, azurerm 4, google 7).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from compliance.sources.secret_names import is_secret
from compliance.sources.terraform.places import below, labelled
from compliance.sources.terraform.sections import Section, text_of
from compliance.sources.terraform.settings import Flag, Setting, Told, find, text
from compliance.sources.terraform.tree import Index, ListOf, Member, Name, Splat
from compliance.sources.terraform.values import UNKNOWN, Value
from compliance.sources.terraform.written_text import written_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compliance.sources.terraform.tree import Expression

_LATEST: Final = frozenset({"latest"})
_AZURE_MACHINE: Final[Mapping[str, Setting]] = {
    "moving_image": Flag("source_image_reference.version", texts=_LATEST),
}
_AZURE_GROUP: Final[Mapping[str, Setting]] = {
    **_AZURE_MACHINE,
    "new_versions_roll_out": Flag("upgrade_mode", texts=frozenset({"automatic", "rolling"})),
}
_GOOGLE_GROUP: Final[Mapping[str, Setting]] = {
    "new_versions_roll_out": Flag("update_policy.type", default=True, texts=frozenset({"proactive"})),
}
_TYPES: Final[Mapping[str, Mapping[str, Setting]]] = {
    "aws_instance": {"public_address": Flag("associate_public_ip_address")},
    "aws_launch_configuration": {"public_address": Flag("associate_public_ip_address")},
    "aws_launch_template": {},
    "aws_autoscaling_group": {},
    "aws_eks_node_group": {},
    "aws_lb": {},
    "google_compute_instance": {},
    "google_compute_instance_template": {},
    "google_compute_region_instance_template": {},
    "google_compute_instance_group_manager": _GOOGLE_GROUP,
    "google_compute_region_instance_group_manager": _GOOGLE_GROUP,
    "azurerm_network_interface": {},
    "azurerm_linux_virtual_machine": _AZURE_MACHINE,
    "azurerm_virtual_machine": {"moving_image": Flag("storage_image_reference.version", texts=_LATEST)},
    "azurerm_windows_virtual_machine": _AZURE_MACHINE,
    "azurerm_linux_virtual_machine_scale_set": _AZURE_GROUP,
    "azurerm_windows_virtual_machine_scale_set": _AZURE_GROUP,
}
_IMAGES: Final = frozenset({"aws_ami", "aws_ssm_parameter", "google_compute_image"})
_MOVING_PARAMETER: Final = re.compile(
    r"/aws/service/.*(?:ami|bottlerocket|eks|ecs).*/(?:latest|recommended|current)(?:/.*)?"
)
_TEMPLATES: Final = (
    "launch_template",
    "mixed_instances_policy.launch_template.launch_template_specification",
)
_SCRIPTS: Final = (
    "user_data",
    "user_data_base64",
    "custom_data",
    "metadata_startup_script",
)
_ASSIGNED: Final = re.compile(r"[ \t]*(?:export[ \t]+|\$env:)?([A-Za-z_]\w{0,80})[ \t]*=[ \t]*[\"']?([^\s\"';]+)")
_LOOKED_UP: Final = ("$", "`", "<", "{", "%", "(", "arn:")
_KNOWN_FORMS: Final = (
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")),
)
_MAX_SCRIPT: Final = 64 * 1024
_ZONES: Final = (
    ("aws_autoscaling_group", ("availability_zones", "vpc_zone_identifier")),
    ("aws_lb", ("subnets",)),
    ("azurerm_linux_virtual_machine_scale_set", ("zones",)),
    ("azurerm_windows_virtual_machine_scale_set", ("zones",)),
)


def machine(block: str, kind: str, values: Mapping[str, Value]) -> dict[str, object] | None:
    """What is said of a machine or its image; None for everything else."""
    if block == "data":
        return _nothing() | {"moving_image": _image_found(kind, values)} if kind in _IMAGES else None
    settings = _TYPES.get(kind)
    if settings is None:
        return None
    told = _nothing() | {name: setting.told(values) for name, setting in settings.items()}
    told["moving_template"] = _moving_template(values)
    if kind == "aws_autoscaling_group":
        told["new_versions_roll_out"] = _refreshed(values)
    if kind.startswith(("google_compute_instance", "google_compute_region_instance")):
        told["moving_image"] = _family(values)
    if "public_address" not in settings:
        told["public_address"] = _public_address(kind, values)
    return told | {"zones": _zones(kind, values), "script_secrets": list(_script_secrets(values))}


def _nothing() -> dict[str, object]:
    return {
        "public_address": None,
        "moving_image": None,
        "moving_template": None,
        "new_versions_roll_out": None,
        "zones": None,
        "script_secrets": [],
    }


def _refreshed(values: Mapping[str, Value]) -> Told:
    refresh = values.get("instance_refresh")
    unknown = refresh is UNKNOWN or (isinstance(refresh, list) and refresh[:1] == [UNKNOWN])
    return {"value": None if unknown else bool(refresh), "at": "instance_refresh"}


def _moving_template(values: Mapping[str, Value]) -> Told | None:
    """Whether the launch template is taken in whichever version is the newest, or is called the default.

    A version that is known later is a number that some resource tells, unless a variable is to say it.
    """
    for path in _TEMPLATES:
        template, _ = find(values, path)
        if isinstance(template, list) and template and isinstance(template[0], dict):
            version, at = find(values, f"{path}.version")
            moving = version is None or str(version) in {"$Latest", "$Default"}
            unknown = version is UNKNOWN and _is_written(template[0], "version", "var.")
            return {"value": None if unknown else moving, "at": at}
    return None


def _image_found(kind: str, values: Mapping[str, Value]) -> Told | None:
    """Whether what a data source finds is another image tomorrow."""
    if kind == "aws_ami":
        told = Flag("most_recent").told(values)
        return {"value": False, "at": "most_recent"} if _names_one(values) else told
    if kind == "google_compute_image":
        return {"value": find(values, "family")[0] is not None or values.get("most_recent") is True, "at": "family"}
    name = text(values, "name") or ""
    return {"value": _MOVING_PARAMETER.fullmatch(name) is not None, "at": "name"}


def _names_one(values: Mapping[str, Value]) -> bool:
    """Whether a filter holds nothing but one whole name or id."""
    filters = values.get("filter")
    for one in filters if isinstance(filters, list) else ():
        if isinstance(one, dict) and text(one, "name") in {"name", "image-id"}:
            names = one.get("values")
            if isinstance(names, list) and names and all(isinstance(name, str) for name in names):
                return not any("*" in name or "?" in name for name in names)
    return False


def _family(values: Mapping[str, Value]) -> Told | None:
    for path in ("boot_disk.initialize_params.image", "disk.source_image"):
        image, at = find(values, path)
        if isinstance(image, str):
            return {"value": "/family/" in f"/{image}", "at": at}
    return None


def _public_address(kind: str, values: Mapping[str, Value]) -> Told | None:
    if kind == "azurerm_network_interface":
        return _azure_address(values)
    found = [told for told in _addresses(kind, values) if told["value"] is not False]
    return min(found, key=lambda told: told["value"] is None, default=None)


def _addresses(kind: str, values: Mapping[str, Value]) -> Iterator[Told]:
    """Each network interface: whether it has an address that everybody can reach."""
    name = "network_interfaces" if kind == "aws_launch_template" else "network_interface"
    items = values.get(name)
    for path, item in labelled(name, items) if isinstance(items, list) else ():
        if item is UNKNOWN:
            yield {"value": None, "at": path}
        elif isinstance(item, dict) and kind == "aws_launch_template":
            told = Flag("associate_public_ip_address").told(item)
            yield {**told, "at": below(path, told["at"])}
        elif isinstance(item, dict) and kind.startswith("google_"):
            access = item.get("access_config")
            unknown = access is UNKNOWN or (isinstance(access, list) and access[:1] == [UNKNOWN])
            yield {"value": None if unknown else bool(access), "at": below(path, "access_config")}


def _azure_address(values: Mapping[str, Value]) -> Told:
    items = values.get("ip_configuration")
    for path, item in labelled("ip_configuration", items) if isinstance(items, list) else ():
        address = item.get("public_ip_address_id") if isinstance(item, dict) else None
        if address is UNKNOWN and not _is_written(item, "public_ip_address_id", "azurerm_public_ip."):
            return {"value": None, "at": below(path, "public_ip_address_id")}
        if address is not None:
            return {"value": True, "at": path}
    return {"value": False, "at": "ip_configuration"}


def _is_written(item: Value, name: str, start: str) -> bool:
    """Whether an attribute is a reference that starts so."""
    attribute = item.block.attributes.get(name) if isinstance(item, Section) else None
    return attribute is not None and text_of(attribute.value).startswith(start)


def _zones(kind: str, values: Mapping[str, Value]) -> Told | None:
    """In how many zones it stands, where that is certain; no ids are needed for it, so their place is not `at`."""
    for name in dict(_ZONES).get(kind, ()):
        value = values.get(name)
        if not isinstance(value, list) or not value:
            continue
        if UNKNOWN in value and not _is_one_each(values, name):
            return None
        known = {str(one) for one in value if one is not UNKNOWN}
        return {"value": len(known) + value.count(UNKNOWN), "at": "zones"}
    return None


def _is_one_each(values: Mapping[str, Value], name: str) -> bool:
    """Whether every item is one id, and none may be a list of them."""
    attribute = values.block.attributes.get(name) if isinstance(values, Section) else None
    if attribute is None:
        return False
    items: tuple[Expression, ...] = (attribute.value,)
    if isinstance(attribute.value, ListOf):
        items = attribute.value.items
        return all(isinstance(item, Member) and item.name == "id" and not _is_given(item) for item in items)
    return isinstance(attribute.value, Splat)


def _is_given(expression: Expression) -> bool:
    while isinstance(expression, Member | Index):
        expression = expression.of
    return isinstance(expression, Name) and expression.name in {"var", "local", "module", "each"}


def _script_secrets(values: Mapping[str, Value]) -> Iterator[dict[str, str]]:
    """What is written out in the scripts that a machine runs when it starts, by kind and name, never by value."""
    for at, script in _scripts(values):
        found = [form for form, pattern in _KNOWN_FORMS if script and pattern.search(script)]
        found += [match[1] for line in script.splitlines() if (match := _ASSIGNED.match(line)) and _is_literal(match)]
        yield from ({"at": at, "what": what} for what in dict.fromkeys(found))


def _scripts(values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Each script with its place."""
    profiles = values.get("os_profile")
    inner = (
        [one for one in labelled("os_profile", profiles) if isinstance(one[1], dict)]
        if isinstance(profiles, list)
        else []
    )
    for path, holder in (("", values), *inner):
        for name in _SCRIPTS:
            yield below(path, name), written_text(holder, name)[:_MAX_SCRIPT]


def _is_literal(match: re.Match[str]) -> bool:
    return is_secret(match[1], match[2]) and not match[2].startswith(_LOOKED_UP)
