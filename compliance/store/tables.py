"""The tables as queries name them; migrations make them. Times are text: ISO 8601 in UTC, with microseconds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Boolean, Integer, LargeBinary, String, column, table

from compliance.model import Severity

COUNTS: Final = (*(severity.label for severity in Severity), "waived", "gaps")

SCHEMA: Final = table("compliance_schema", column("version", Integer))
SCOPE: Final = table("compliance_scope", column("id", Integer), column("name", String))
PIECE: Final = table("compliance_piece", column("digest", LargeBinary), column("body", LargeBinary))
RUN: Final = table(
    "compliance_run",
    column("id", Integer),
    column("scope", Integer),
    column("taken_at", String),
    column("root", LargeBinary),
    *(column(name, Integer) for name in COUNTS),
    column("whole", Boolean),
)
OPENING: Final = table(
    "compliance_opening",
    column("id", Integer),
    column("scope", Integer),
    column("fingerprint", String),
    column("ordinal", Integer),
    column("content", LargeBinary),
    column("waived", Boolean),
    column("first_seen", String),
    column("last_seen", String),
    column("ended_at", String),
    column("ending", String),
)
HOLDER: Final = table(
    "compliance_holder",
    column("scope", String),
    column("who", String),
    column("since", String),
    column("session", Integer),
)
NOTICE: Final = table(
    "compliance_notice",
    column("opening", Integer),
    column("channel", String),
    column("told_at", String),
)
TABLES: Final = (SCHEMA, SCOPE, PIECE, RUN, OPENING, HOLDER, NOTICE)


def to_text(moment: datetime) -> str:
    """Write a moment so that text sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def to_moment(text: str) -> datetime:
    """Read what `to_text` wrote."""
    return datetime.fromisoformat(text)
