"""What a database keeps of its data, whichever cloud it runs in.

Names and defaults are those of the Terraform providers' documentation (aws 6, azurerm 4, google 7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from compliance.sources.terraform.places import below, labelled
from compliance.sources.terraform.settings import Flag, Number, Setting, Told, find, is_set, text
from compliance.sources.terraform.values import UNKNOWN, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS: Final = (
    "encrypted",
    "deletion_protected",
    "redundant",
    "backup_days",
    "recoverable",
    "skips_final_snapshot",
    "publicly_accessible",
    "public_endpoint",
    "encrypted_connections",
    "upgrades_itself",
    "default_parameters",
    "password_in_state",
)
_ZONES: Final = frozenset({"zoneredundant", "samezone"})
_GOOGLE: Final = "settings.backup_configuration."
_ADDRESSES: Final = "settings.ip_configuration."

_RDS_CLUSTER: Final[Mapping[str, Setting]] = {
    "encrypted": Flag("storage_encrypted"),
    "deletion_protected": Flag("deletion_protection"),
    "backup_days": Number("backup_retention_period", 1),
    "skips_final_snapshot": Flag("skip_final_snapshot"),
}
_AZURE_FLEXIBLE: Final[Mapping[str, Setting]] = {
    "redundant": Flag("high_availability.mode", texts=_ZONES),
    "backup_days": Number("backup_retention_days", 7),
}
_AZURE_SINGLE: Final[Mapping[str, Setting]] = {
    "backup_days": Number("backup_retention_days", 7),
    "encrypted_connections": Flag("ssl_enforcement_enabled"),
    "public_endpoint": Flag("public_network_access_enabled", default=True),
}
_AZURE_FIREWALL: Final[Mapping[str, Setting]] = {
    "publicly_accessible": Flag("end_ip_address", texts=frozenset({"255.255.255.255"}))
}
_TYPES: Final[Mapping[str, Mapping[str, Setting]]] = {
    "aws_db_instance": {
        "encrypted": Flag("storage_encrypted"),
        "deletion_protected": Flag("deletion_protection"),
        "redundant": Flag("multi_az"),
        "backup_days": Number("backup_retention_period", 0),
        "skips_final_snapshot": Flag("skip_final_snapshot"),
        "publicly_accessible": Flag("publicly_accessible"),
        "upgrades_itself": Flag("auto_minor_version_upgrade", default=True),
    },
    "aws_rds_cluster": _RDS_CLUSTER,
    "aws_rds_cluster_instance": {
        "publicly_accessible": Flag("publicly_accessible"),
        "upgrades_itself": Flag("auto_minor_version_upgrade", default=True),
    },
    "aws_docdb_cluster": _RDS_CLUSTER,
    "aws_docdb_cluster_instance": {"upgrades_itself": Flag("auto_minor_version_upgrade", default=True)},
    "aws_neptune_cluster": _RDS_CLUSTER,
    "aws_redshift_cluster": {
        "encrypted": Flag("encrypted"),
        "backup_days": Number("automated_snapshot_retention_period", 1),
        "skips_final_snapshot": Flag("skip_final_snapshot"),
        "publicly_accessible": Flag("publicly_accessible"),
    },
    "aws_elasticache_replication_group": {
        "redundant": Flag("automatic_failover_enabled"),
        "encrypted_connections": Flag("transit_encryption_enabled"),
        "upgrades_itself": Flag("auto_minor_version_upgrade", default=True),
    },
    "aws_dynamodb_table": {
        "deletion_protected": Flag("deletion_protection_enabled"),
        "recoverable": Flag("point_in_time_recovery.enabled"),
    },
    "google_sql_database_instance": {
        "deletion_protected": Flag("deletion_protection", default=True),
        "redundant": Flag("settings.availability_type", texts=frozenset({"regional"})),
        "backup_days": Number(f"{_GOOGLE}backup_retention_settings.retained_backups", 7),
        "public_endpoint": Flag(f"{_ADDRESSES}ipv4_enabled", default=True),
    },
    "azurerm_postgresql_flexible_server": {
        **_AZURE_FLEXIBLE,
        "public_endpoint": Flag("public_network_access_enabled", default=True),
    },
    "azurerm_mysql_flexible_server": {
        **_AZURE_FLEXIBLE,
        "public_endpoint": Flag("public_network_access", default=True, texts=frozenset({"enabled"})),
    },
    "azurerm_mssql_server": {"public_endpoint": Flag("public_network_access_enabled", default=True)},
    "azurerm_mssql_database": {"backup_days": Number("short_term_retention_policy.retention_days", 7)},
    "azurerm_mssql_firewall_rule": _AZURE_FIREWALL,
    "azurerm_postgresql_flexible_server_firewall_rule": _AZURE_FIREWALL,
    "azurerm_mysql_flexible_server_firewall_rule": _AZURE_FIREWALL,
    "azurerm_mysql_firewall_rule": _AZURE_FIREWALL,
    "azurerm_postgresql_firewall_rule": _AZURE_FIREWALL,
    "azurerm_sql_firewall_rule": _AZURE_FIREWALL,
    "azurerm_mysql_server": _AZURE_SINGLE,
    "azurerm_postgresql_server": _AZURE_SINGLE,
    "azurerm_mariadb_server": _AZURE_SINGLE,
    "azurerm_redis_cache": {
        "encrypted_connections": Flag("non_ssl_port_enabled", inverted=True),
        "public_endpoint": Flag("public_network_access_enabled", default=True),
    },
    "azurerm_cosmosdb_account": {"public_endpoint": Flag("public_network_access_enabled", default=True)},
}
_SOURCES: Final = (
    "replicate_source_db",
    "replication_source_identifier",
    "master_instance_name",
    "global_replication_group_id",
)
_PASSWORDS: Final = ("password", "master_password", "administrator_password", "administrator_login_password")
_PARAMETERS: Final[Mapping[str, str]] = {
    "aws_db_instance": "parameter_group_name",
    "aws_rds_cluster": "db_cluster_parameter_group_name",
    "aws_docdb_cluster": "db_cluster_parameter_group_name",
    "aws_redshift_cluster": "cluster_parameter_group_name",
}
_REDUNDANT_SKUS: Final = ("gp_", "bc_", "hs_", "p")


def database(kind: str, values: Mapping[str, Value]) -> dict[str, object] | None:
    """The settings of a database, those null that its kind does not have; None for everything else."""
    settings = _TYPES.get(kind)
    if settings is None:
        return None
    told: dict[str, Told | None] = dict.fromkeys(SETTINGS)
    told |= {name: setting.told(values) for name, setting in settings.items()}
    told |= _special(kind, values)
    return {"is_replica": _is_replica(kind, values), **told}


def _is_replica(kind: str, values: Mapping[str, Value]) -> bool:
    """Whether it copies another database, which decides how the data is kept."""
    copies = kind.startswith("azurerm_") and text(values, "create_mode") in {"Replica", "Secondary"}
    return copies or any(is_set(values, name) for name in _SOURCES)


def _special(kind: str, values: Mapping[str, Value]) -> dict[str, Told | None]:
    """What needs more than one attribute to be known."""
    told: dict[str, Told | None] = {"password_in_state": _password(kind, values)}
    if kind in _PARAMETERS:
        told["default_parameters"] = _default_parameters(_PARAMETERS[kind], values)
    if is_set(values, "snapshot_identifier") and not is_set(values, "storage_encrypted"):
        told["encrypted"] = None
    if kind == "aws_rds_cluster" and text(values, "engine_mode") == "serverless":
        told["encrypted"] = None
    elif kind == "google_sql_database_instance":
        told |= _google(values)
    elif kind.startswith("azurerm_"):
        told |= _azure(kind, values)
    return told


def _password(kind: str, values: Mapping[str, Value]) -> Told | None:
    """A password that Terraform is given lands in its state; the cloud can keep one of its own."""
    if kind in {"aws_elasticache_replication_group", "aws_dynamodb_table"}:
        return None
    name = next((name for name in _PASSWORDS if is_set(values, name)), None)
    if name is None:
        return None
    return {"value": True, "at": "manage_master_user_password" if kind.startswith("aws_") else f"{name}_wo"}


def _default_parameters(name: str, values: Mapping[str, Value]) -> Told:
    """A group that nobody wrote is the cloud's default one, which cannot be changed."""
    group = values.get(name)
    if isinstance(group, str):
        return {"value": group.startswith("default."), "at": name}
    return {"value": group is None, "at": name}


def _google(values: Mapping[str, Value]) -> dict[str, Told | None]:
    enabled = Flag(f"{_GOOGLE}enabled").told(values)
    told: dict[str, Told | None] = {
        "publicly_accessible": _open_networks(values),
        "encrypted_connections": _google_connections(values),
    }
    if enabled["value"] is not True:
        told["backup_days"] = {"value": None if enabled["value"] is None else 0, "at": enabled["at"]}
    return told


def _google_connections(values: Mapping[str, Value]) -> Told:
    if is_set(values, f"{_ADDRESSES}ssl_mode"):
        modes = frozenset({"encrypted_only", "trusted_client_certificate_required"})
        return Flag(f"{_ADDRESSES}ssl_mode", texts=modes).told(values)
    return Flag(f"{_ADDRESSES}require_ssl").told(values)


def _open_networks(values: Mapping[str, Value]) -> Told:
    """Whether everybody is among the authorized networks."""
    networks, at = find(values, f"{_ADDRESSES}authorized_networks")
    told: Told = {"value": None if networks is UNKNOWN else False, "at": at}
    for path, one in labelled(at, networks) if isinstance(networks, list) else ():
        value = one.get("value") if isinstance(one, dict) else UNKNOWN
        if isinstance(value, str) and value.endswith("/0"):
            return {"value": True, "at": below(path, "value")}
        if value is UNKNOWN:
            told = {"value": None, "at": below(path, "value") if isinstance(one, dict) else path}
    return told


def _azure(kind: str, values: Mapping[str, Value]) -> dict[str, Told | None]:
    told: dict[str, Told | None] = {}
    if is_set(values, "delegated_subnet_id"):
        told["public_endpoint"] = None
    elif kind == "azurerm_mysql_flexible_server" and is_set(values, "public_network_access_enabled"):
        told["public_endpoint"] = Flag("public_network_access_enabled", default=True).told(values)
    if kind.endswith("_firewall_rule") and text(values, "start_ip_address") not in {"0.0.0.0", None}:  # noqa: S104
        told["publicly_accessible"] = {"value": False, "at": "start_ip_address"}
    if kind == "azurerm_redis_cache" and is_set(values, "enable_non_ssl_port"):
        told["encrypted_connections"] = Flag("enable_non_ssl_port", inverted=True).told(values)
    if kind == "azurerm_mssql_database" and (text(values, "sku_name") or "").lower().startswith(_REDUNDANT_SKUS):
        told["redundant"] = Flag("zone_redundant").told(values)
    return told
