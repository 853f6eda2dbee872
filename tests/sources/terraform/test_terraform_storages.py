"""What stores data: buckets, disks, file systems and caches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_GRANT = (
    'access_control_policy {\n grant {\n grantee {\n uri = "http://acs.amazonaws.com/groups/global/AllUsers"\n }\n }\n}'
)


@pytest.mark.parametrize(
    ("kind", "inner", "setting", "told"),
    [
        ("aws_s3_bucket", "", "versioned", {"value": False, "at": "versioning.enabled"}),
        ("aws_s3_bucket", "object_lock_enabled = true", "versioned", None),
        ("aws_s3_bucket", 'acl = "public-read"', "public", {"value": True, "at": "acl"}),
        ("aws_s3_bucket_acl", _GRANT, "public", {"value": True, "at": "access_control_policy.grant"}),
        ("aws_s3_bucket_acl", "", "public", None),
        (
            "aws_s3_bucket_versioning",
            'versioning_configuration {\n status = "Suspended"\n}',
            "versioned",
            {"value": False, "at": "versioning_configuration.status"},
        ),
        (
            "google_storage_bucket",
            "versioning {\n enabled = true\n}",
            "versioned",
            {"value": True, "at": "versioning.enabled"},
        ),
        ("google_storage_bucket", "retention_policy {\n retention_period = 1\n}", "versioned", None),
        ("google_storage_bucket_iam_member", 'member = "allUsers"', "public", {"value": True, "at": "member"}),
        ("google_storage_bucket_iam_member", "member = var.v", "public", {"value": None, "at": "member"}),
        ("google_storage_bucket_iam_member", 'member = "group:${var.v}"', "public", {"value": False, "at": "member"}),
        ("google_storage_bucket_iam_binding", 'members = ["allUsers"]', "public", {"value": True, "at": "members"}),
        ("google_storage_bucket_iam_binding", "members = [var.v]", "public", {"value": None, "at": "members"}),
        ("google_storage_bucket_iam_binding", "members = var.v", "public", {"value": None, "at": "members"}),
        ("google_storage_bucket_iam_binding", 'members = ["user:a"]', "public", {"value": False, "at": "members"}),
        ("azurerm_storage_account", "", "versioned", {"value": False, "at": "blob_properties.versioning_enabled"}),
        ("azurerm_storage_account", "is_hns_enabled = true", "versioned", None),
        ("azurerm_storage_account", 'account_kind = "FileStorage"', "versioned", None),
        ("aws_s3_bucket", "force_destroy = true", "deleted_with_contents", {"value": True, "at": "force_destroy"}),
    ],
)
def test_a_setting_and_its_place(
    read: Callable[..., dict[str, Any]], kind: str, inner: str, setting: str, told: object
) -> None:
    assert read(kind, inner)["storage"][setting] == told


@pytest.mark.parametrize(
    ("kind", "inner", "volumes"),
    [
        ("aws_ebs_volume", "", [{"value": False, "at": "encrypted"}]),
        ("aws_ebs_volume", 'snapshot_id = "snap-1"', []),
        ("aws_elasticache_replication_group", 'engine = "valkey"', []),
        ("aws_instance", "", []),
        ("aws_instance", "root_block_device {}", [{"value": False, "at": "root_block_device.encrypted"}]),
        (
            "aws_instance",
            (
                'ebs_block_device {\n device_name = "/dev/b"\n encrypted = true\n}\n'
                'ebs_block_device {\n snapshot_id = "s"\n}'
            ),
            [{"value": True, "at": "ebs_block_device[/dev/b].encrypted"}],
        ),
        (
            "aws_launch_template",
            'block_device_mappings {\n device_name = "/dev/a"\n ebs {}\n}',
            [{"value": False, "at": "block_device_mappings[/dev/a].ebs.encrypted"}],
        ),
        ("aws_launch_template", "block_device_mappings {\n no_device = true\n}", []),
        (
            "aws_launch_template",
            'dynamic "block_device_mappings" {\n for_each = var.v\n content {}\n}',
            [{"value": None, "at": "block_device_mappings"}],
        ),
    ],
)
def test_each_disk_that_is_written_out(
    read: Callable[..., dict[str, Any]], kind: str, inner: str, volumes: list[object]
) -> None:
    assert read(kind, inner)["storage"]["volumes"] == volumes


@pytest.mark.parametrize(
    ("name", "holds"),
    [("acme-terraform-state", True), ("acme.tfstate", True), ("acme-documents", False), ("state-of-the-art", False)],
)
def test_a_bucket_of_the_state_is_known_by_its_name(
    read: Callable[..., dict[str, Any]], name: str, *, holds: bool
) -> None:
    assert read("aws_s3_bucket", f'bucket = "{name}"')["storage"]["holds_terraform_state"] is holds
