"""What a bucket, a disk or a file system keeps of its data, whichever cloud it is in.

Names and defaults are those of the Terraform providers' documentation (aws 6, azurerm 4, google 7).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from compliance.sources.terraform.places import labelled
from compliance.sources.terraform.settings import Flag, Setting, Told, find, is_set, text
from compliance.sources.terraform.values import UNKNOWN, Value
from compliance.sources.terraform.written_text import written_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SETTINGS: Final = ("versioned", "deleted_with_contents", "public")
_PUBLIC: Final = frozenset({"public-read", "public-read-write", "authenticated-read", "website"})
_GROUPS: Final = ("/global/AllUsers", "/global/AuthenticatedUsers")
_EVERYBODY: Final = frozenset({"allusers", "allauthenticatedusers"})
_MEMBERS: Final[Mapping[str, Setting]] = {"public": Flag("member", texts=_EVERYBODY)}
_TYPES: Final[Mapping[str, Mapping[str, Setting]]] = {
    "aws_s3_bucket": {
        "versioned": Flag("versioning.enabled"),
        "deleted_with_contents": Flag("force_destroy"),
        "public": Flag("acl", texts=_PUBLIC),
    },
    "aws_s3_bucket_acl": {"public": Flag("acl", texts=_PUBLIC)},
    "aws_s3_bucket_versioning": {"versioned": Flag("versioning_configuration.status", texts=frozenset({"enabled"}))},
    "aws_ebs_volume": {},
    "aws_efs_file_system": {},
    "aws_elasticache_replication_group": {},
    "aws_instance": {},
    "aws_launch_configuration": {},
    "aws_launch_template": {},
    "aws_ecr_repository": {"deleted_with_contents": Flag("force_delete")},
    "google_storage_bucket": {
        "versioned": Flag("versioning.enabled"),
        "deleted_with_contents": Flag("force_destroy"),
    },
    "google_storage_bucket_iam_member": _MEMBERS,
    "google_storage_bucket_iam_binding": {},
    "google_storage_bucket_access_control": {"public": Flag("entity", texts=_EVERYBODY)},
    "azurerm_storage_account": {"versioned": Flag("blob_properties.versioning_enabled")},
    "azurerm_storage_container": {"public": Flag("container_access_type", texts=frozenset({"blob", "container"}))},
}
_ENCRYPTED: Final[Mapping[str, Setting]] = {
    "aws_ebs_volume": Flag("encrypted"),
    "aws_efs_file_system": Flag("encrypted"),
    "aws_elasticache_replication_group": Flag("at_rest_encryption_enabled"),
}
_MEMBER: Final = re.compile(r"[a-zA-Z]+:")
_STATE: Final = re.compile(r"(?:tf|terraform)[-_.]?(?:remote[-_.]?)?state")


def storage(kind: str, name: str, values: Mapping[str, Value]) -> dict[str, object] | None:
    """The settings of what stores data, those null that its kind does not have; None for everything else."""
    settings = _TYPES.get(kind)
    if settings is None:
        return None
    told: dict[str, Told | None] = dict.fromkeys(SETTINGS)
    told |= {key: setting.told(values) for key, setting in settings.items()}
    told |= _special(kind, values)
    return {
        **told,
        "volumes": list(_volumes(kind, values)),
        "holds_terraform_state": _holds_state(kind, name, values),
    }


def _holds_state(kind: str, name: str, values: Mapping[str, Value]) -> bool:
    names = (name, text(values, "bucket"), text(values, "name"))
    return kind.endswith("_bucket") and any(_STATE.search(one.lower()) for one in names if one)


def _special(kind: str, values: Mapping[str, Value]) -> dict[str, Told | None]:
    """What needs more than one attribute to be known."""
    told: dict[str, Told | None] = {}
    if kind == "google_storage_bucket_iam_member" and _MEMBER.match(written_text(values, "member")):
        told["public"] = {"value": False, "at": "member"}
    if kind == "aws_s3_bucket_acl" and not is_set(values, "acl"):
        told["public"] = _grants(values)
    if kind == "aws_s3_bucket" and Flag("object_lock_enabled").told(values)["value"] is not False:
        told["versioned"] = None
    if kind == "google_storage_bucket_iam_binding":
        told["public"] = _members(values)
    if kind == "azurerm_storage_account" and not _keeps_versions(values):
        told["versioned"] = None
    if kind == "google_storage_bucket" and find(values, "retention_policy.retention_period")[0] is not None:
        told["versioned"] = None
    return told


def _grants(values: Mapping[str, Value]) -> Told | None:
    """Whether a group that everybody is in gets anything."""
    grants, at = find(values, "access_control_policy.grant")
    for path, grant in labelled(at, grants) if isinstance(grants, list) else ():
        group = text(grant, "grantee.uri") if isinstance(grant, dict) else None
        if group and group.endswith(_GROUPS):
            return {"value": True, "at": path}
    return None


def _keeps_versions(values: Mapping[str, Value]) -> bool:
    """Only block blobs without a hierarchical namespace have versions."""
    kind, tier = text(values, "account_kind") or "StorageV2", text(values, "account_tier")
    namespace = Flag("is_hns_enabled").told(values)["value"]
    return kind in {"StorageV2", "BlobStorage"} and tier != "Premium" and namespace is False


def _members(values: Mapping[str, Value]) -> Told:
    members = values.get("members")
    if not isinstance(members, list):
        return {"value": None if members is UNKNOWN else False, "at": "members"}
    if any(isinstance(one, str) and one.lower() in _EVERYBODY for one in members):
        return {"value": True, "at": "members"}
    return {"value": None if UNKNOWN in members else False, "at": "members"}


def _volumes(kind: str, values: Mapping[str, Value]) -> Iterator[Told]:
    """Whether each disk that is written out is encrypted."""
    if kind in _ENCRYPTED:
        if not _is_encrypted_anyway(kind, values):
            yield _ENCRYPTED[kind].told(values)
    elif kind in {"aws_instance", "aws_launch_configuration"}:
        for name in ("root_block_device", "ebs_block_device"):
            yield from _devices(values.get(name), name, "encrypted")
    elif kind == "aws_launch_template":
        yield from _devices(values.get("block_device_mappings"), "block_device_mappings", "ebs.encrypted")


def _is_encrypted_anyway(kind: str, values: Mapping[str, Value]) -> bool:
    """A copy is as encrypted as what it is made from, and Valkey is encrypted unless told otherwise."""
    if any(is_set(values, name) for name in ("snapshot_id", "global_replication_group_id")):
        return True
    return text(values, "engine") == "valkey" and not is_set(values, _ENCRYPTED[kind].path)


def _devices(devices: Value, name: str, attribute: str) -> Iterator[Told]:
    for path, device in labelled(name, devices) if isinstance(devices, list) else ():
        if device is UNKNOWN:
            yield {"value": None, "at": path}
        if isinstance(device, dict) and _is_new_disk(device, attribute):
            told = Flag(attribute).told(device)
            yield {**told, "at": f"{path}.{told['at']}"}


def _is_new_disk(device: Mapping[str, Value], attribute: str) -> bool:
    """No disk of the machine itself, and none that is as encrypted as the snapshot it is made from."""
    prefix = attribute.removesuffix("encrypted")
    if prefix and not device.get(prefix.rstrip(".")):
        return False
    return not (device.get("no_device") or device.get("virtual_name") or is_set(device, f"{prefix}snapshot_id"))
