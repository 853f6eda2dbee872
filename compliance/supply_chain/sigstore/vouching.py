"""What logs and time-stamping authorities of the trusted root say of a signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from compliance.errors import ContentError
from compliance.supply_chain.sigstore import entry_bodies, timestamps, transparency, trusted_root

if TYPE_CHECKING:
    from compliance.supply_chain.evidence import Evidence, Signed
    from compliance.supply_chain.sigstore.bundle import LogEntry
    from compliance.supply_chain.sigstore.trusted_root import TrustedRoot


@dataclass(frozen=True, slots=True)
class Vouched:
    """`logged` and `timestamped` as a proof has them; `times` are those that are vouched for, time stamps first.

    `why` says what is proven wrong: an entry that its log has not signed, or that is about another signature.
    """

    logged: bool | None = False
    timestamped: bool | None = False
    times: tuple[datetime, ...] = ()
    why: str | None = None

    @property
    def signed_at(self) -> datetime | None:
        """When it was signed at the latest, by the first who vouches for a time."""
        return self.times[0] if self.times else None


def vouch(found: Evidence, verifiers: frozenset[bytes], root: bytes) -> Vouched:
    """Ask for a signature that was verified with one of `verifiers` (DER: a public key, or a certificate of it).

    Raises:
        ConfigurationError: the trusted root cannot be read.
    """
    trusted = trusted_root.parse(root)
    stamped = [
        timestamps.time_of(stamp, found.signed.stamped, trusted.timestamp_authorities) for stamp in found.timestamps
    ]
    times = tuple(time for time in stamped if time is not None)
    # A stamp by an authority that is not known cannot be told from a wrong one.
    timestamped = True if times else (None if stamped else False)
    logged: bool | None = None if found.entries else False
    for entry in found.entries:
        try:
            known, time = _entry(entry, found.signed, verifiers, trusted)
        except ContentError as error:
            return Vouched(logged=False, timestamped=timestamped, times=times, why=error.message)
        logged = logged or known
        times += (time,) if time else ()
    return Vouched(logged, timestamped, times)


def _entry(
    entry: LogEntry, signed: Signed, verifiers: frozenset[bytes], root: TrustedRoot
) -> tuple[bool | None, datetime | None]:
    """Whether an entry is in its log (None: the log is not known), and the time that the log promises."""
    log = root.log(entry.log_id)
    if log is None:
        return None, None
    transparency.check(entry, log)
    if not entry_bodies.is_about(entry.kind, entry.version, entry.body, signed, verifiers):
        raise ContentError("the log entry is about another signature, key or content")
    # A proof says nothing about the time, which is not part of the entry.
    if entry.promise is None or entry.integrated_time is None:
        return True, None
    time = datetime.fromtimestamp(entry.integrated_time, UTC)
    if time not in log.period:
        raise ContentError("the log entry is of a time at which its log's key was not valid")
    return True, time
