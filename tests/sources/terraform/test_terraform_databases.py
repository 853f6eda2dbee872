"""Databases: one shape for what each cloud calls differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_GOOGLE = "google_sql_database_instance"


@pytest.mark.parametrize(
    ("kind", "inner", "setting", "value", "at"),
    [
        ("aws_db_instance", "", "encrypted", False, "storage_encrypted"),
        ("aws_db_instance", "storage_encrypted = true", "encrypted", True, "storage_encrypted"),
        ("aws_db_instance", 'storage_encrypted = "true"', "encrypted", True, "storage_encrypted"),
        ("aws_db_instance", "storage_encrypted = var.v", "encrypted", None, "storage_encrypted"),
        ("aws_db_instance", "storage_encrypted = null", "encrypted", False, "storage_encrypted"),
        ("aws_db_instance", 'storage_encrypted = "perhaps"', "encrypted", False, "storage_encrypted"),
        ("aws_db_instance", "", "backup_days", 0, "backup_retention_period"),
        ("aws_db_instance", 'backup_retention_period = "14"', "backup_days", 14, "backup_retention_period"),
        ("aws_db_instance", "backup_retention_period = var.v", "backup_days", None, "backup_retention_period"),
        ("aws_db_instance", 'backup_retention_period = "long"', "backup_days", 0, "backup_retention_period"),
        ("aws_rds_cluster", "", "backup_days", 1, "backup_retention_period"),
        ("aws_db_instance", "", "default_parameters", True, "parameter_group_name"),
        (
            "aws_db_instance",
            'parameter_group_name = "default.mysql8.0"',
            "default_parameters",
            True,
            "parameter_group_name",
        ),
        ("aws_db_instance", "parameter_group_name = var.v", "default_parameters", False, "parameter_group_name"),
        ("aws_db_instance", "password = var.v", "password_in_state", True, "manage_master_user_password"),
        (
            "azurerm_mssql_server",
            "administrator_login_password = var.v",
            "password_in_state",
            True,
            "administrator_login_password_wo",
        ),
        ("aws_dynamodb_table", "", "recoverable", False, "point_in_time_recovery.enabled"),
        (
            "aws_dynamodb_table",
            "point_in_time_recovery {\n enabled = true\n}",
            "recoverable",
            True,
            "point_in_time_recovery.enabled",
        ),
        (
            "aws_dynamodb_table",
            'dynamic "point_in_time_recovery" {\n for_each = var.v\n content {}\n}',
            "recoverable",
            None,
            "point_in_time_recovery.enabled",
        ),
        (_GOOGLE, "", "redundant", False, "settings.availability_type"),
        (
            _GOOGLE,
            'settings {\n availability_type = "REGIONAL"\n}',
            "redundant",
            True,
            "settings.availability_type",
        ),
        (_GOOGLE, "", "backup_days", 0, "settings.backup_configuration.enabled"),
        (
            _GOOGLE,
            "settings {\n backup_configuration {\n enabled = true\n }\n}",
            "backup_days",
            7,
            "settings.backup_configuration.backup_retention_settings.retained_backups",
        ),
        (_GOOGLE, "", "deletion_protected", True, "deletion_protection"),
        (_GOOGLE, "", "encrypted_connections", False, "settings.ip_configuration.require_ssl"),
        (
            _GOOGLE,
            'settings {\n ip_configuration {\n ssl_mode = "ENCRYPTED_ONLY"\n }\n}',
            "encrypted_connections",
            True,
            "settings.ip_configuration.ssl_mode",
        ),
        (
            _GOOGLE,
            'settings {\n ip_configuration {\n authorized_networks {\n name = "a"\n value = "0.0.0.0/0"\n }\n }\n}',
            "publicly_accessible",
            True,
            "settings.ip_configuration.authorized_networks[a].value",
        ),
        (
            _GOOGLE,
            'settings {\n ip_configuration {\n authorized_networks {\n name = "a"\n value = var.v\n }\n }\n}',
            "publicly_accessible",
            None,
            "settings.ip_configuration.authorized_networks[a].value",
        ),
        (
            "azurerm_postgresql_flexible_server",
            'high_availability {\n mode = "ZoneRedundant"\n}',
            "redundant",
            True,
            "high_availability.mode",
        ),
        ("azurerm_postgresql_flexible_server", "", "public_endpoint", True, "public_network_access_enabled"),
        (
            "azurerm_mysql_flexible_server",
            'public_network_access = "Disabled"',
            "public_endpoint",
            False,
            "public_network_access",
        ),
        (
            "azurerm_mysql_flexible_server",
            "public_network_access_enabled = false",
            "public_endpoint",
            False,
            "public_network_access_enabled",
        ),
        (
            "azurerm_mssql_firewall_rule",
            'start_ip_address = "0.0.0.0"\nend_ip_address = "255.255.255.255"',
            "publicly_accessible",
            True,
            "end_ip_address",
        ),
        (
            "azurerm_mssql_firewall_rule",
            'start_ip_address = "10.0.0.1"\nend_ip_address = "255.255.255.255"',
            "publicly_accessible",
            False,
            "start_ip_address",
        ),
        ("azurerm_redis_cache", "enable_non_ssl_port = true", "encrypted_connections", False, "enable_non_ssl_port"),
        ("azurerm_mssql_database", 'sku_name = "GP_Gen5_2"', "redundant", False, "zone_redundant"),
    ],
)
def test_a_setting_and_its_place(
    read: Callable[..., dict[str, Any]], kind: str, inner: str, setting: str, value: object, at: str
) -> None:
    database = read(kind, inner)["database"]

    assert database[setting] == {"value": value, "at": at}


@pytest.mark.parametrize(
    ("kind", "inner", "setting"),
    [
        ("aws_rds_cluster", 'engine_mode = "serverless"', "encrypted"),
        ("aws_db_instance", 'snapshot_identifier = "s"', "encrypted"),
        ("azurerm_postgresql_flexible_server", "delegated_subnet_id = var.v", "public_endpoint"),
        ("azurerm_mssql_database", 'sku_name = "S0"', "redundant"),
        ("google_sql_database_instance", "", "encrypted"),
        ("aws_db_instance", "", "password_in_state"),
    ],
)
def test_what_does_not_apply_is_null(read: Callable[..., dict[str, Any]], kind: str, inner: str, setting: str) -> None:
    assert read(kind, inner)["database"][setting] is None


@pytest.mark.parametrize(
    ("kind", "inner", "is_replica"),
    [
        ("aws_db_instance", "", False),
        ("aws_db_instance", 'replicate_source_db = "main"', True),
        ("aws_db_instance", "replicate_source_db = var.v", True),
        ("google_sql_database_instance", 'master_instance_name = "main"', True),
        ("azurerm_mssql_database", 'create_mode = "Secondary"', True),
        ("azurerm_mssql_database", 'create_mode = "Default"', False),
    ],
)
def test_a_copy_of_another_database_is_a_replica(
    read: Callable[..., dict[str, Any]], kind: str, inner: str, *, is_replica: bool
) -> None:
    assert read(kind, inner)["database"]["is_replica"] is is_replica


def test_what_is_no_database_has_none(read: Callable[..., dict[str, Any]]) -> None:
    assert read("aws_vpc", "")["database"] is None


def test_a_database_that_is_only_looked_up_has_none(read: Callable[..., dict[str, Any]]) -> None:
    assert read("aws_db_instance", "", block="data")["database"] is None
