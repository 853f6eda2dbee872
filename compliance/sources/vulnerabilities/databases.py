"""What holds of a scanner's database whichever scanner it is: its age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from compliance.sources.vulnerabilities.records import gap

if TYPE_CHECKING:
    from compliance.model import Gap
    from compliance.sources.vulnerabilities.records import ImageContent
    from compliance.vulnerability_settings import VulnerabilitySettings

MAX_COUNT: Final = 2_147_483_647
_CLOCKS_DIFFER: Final = timedelta(days=1)
_UPDATE: Final = {
    "trivy": "trivy image --download-db-only",
    "trivy's Java": "trivy image --download-java-db-only",
    "grype": "grype db update",
}


def update_remedy(database: str) -> str:
    """How to get a database: `trivy`, `trivy's Java` or `grype`."""
    return (
        f"run `{_UPDATE[database]}` where the registry or mirror can be reached, and name the cache's folder under "
        "images.vulnerabilities; or have it fetched, by --update-database or images.vulnerabilities.update: true"
    )


def whole_days(since: datetime, now: datetime) -> int:
    """Whole days from `since` to `now`; 0 when it lies ahead."""
    return min(max((now - since.astimezone(UTC)).days, 0), MAX_COUNT)


def age_gaps(
    database: str, built_at: datetime | None, content: ImageContent, settings: VulnerabilitySettings, now: datetime
) -> tuple[Gap, ...]:
    """A gap where a database is older than allowed, or its age cannot be told. What it finds still stands."""
    whose = f"{database} database" if database.endswith("Java") else f"{database}'s database"
    if built_at is None or built_at - now > _CLOCKS_DIFFER:
        said = "does not say when it was built" if built_at is None else f"claims to be of {built_at:%Y-%m-%d}"
        return (gap(content, f"{whose} {said}, so that nobody knows how old it is", update_remedy(database)),)
    days = whole_days(built_at, now)
    if days <= settings.max_age_days:
        return ()
    why = (
        f"{whose} is {days} days old and {settings.max_age_days} are allowed: vulnerabilities that were published "
        "since are not judged"
    )
    return (gap(content, why, update_remedy(database)),)
