"""Would screens trust the server, on every day of this venue?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature

from checkin_server.common import certificates, places
from checkin_server.services.checkup.doctor import Finding

_RENEW = "`riwaq tls renew` with the authority's key makes another one."


def check_tls(
    data: Path, host: str, own: Sequence[str], last_day: str, now: datetime | None = None
) -> Iterator[Finding]:
    """See that there are certificates, for this machine's names and addresses, now and on the venue's last day.

    Args:
        data: the data folder.
        host: where the settings let the server listen.
        own: this machine's addresses in its networks.
        last_day: the venue's last service day, as ``2019-12-29``.
        now: the machine's time; by default the present.
    """
    moment = now or certificates.now()
    try:
        held = certificates.held(data)
        if held is None:
            todo = "On a network that others share: `riwaq tls init`, then trust it once on each device."
            yield Finding("https", "NOTE", "screens speak plain HTTP: there are no certificates", todo)
            return
        certificates.context(data)
    except certificates.NoCertificate as fault:
        yield Finding("https", "STOP", str(fault), "Mend it, or remove the folder `tls` to speak plain HTTP.")
        return
    stops = list(_wrong(held, data, moment))
    yield from stops
    left = certificates.missing(held, own if host in places.EVERYWHERE else [a for a in own if a == host])
    if left:
        what = f"the certificate is not for {', '.join(left)}: screens that use such an address are warned off"
        yield Finding("https", "STOP", what, _RENEW)
    ends = held.leaf.not_valid_after_utc
    last = datetime.fromisoformat(last_day).replace(tzinfo=UTC) + timedelta(days=1)
    if moment < ends < last:
        yield Finding("https", "STOP", f"the certificate ends on {ends:%Y-%m-%d}, before the venue does", _RENEW)
    elif not stops and not left:
        yield Finding("https", "OK", f"certificate for {', '.join(held.names)}, until {ends:%Y-%m-%d}")


def _wrong(held: certificates.Held, data: Path, now: datetime) -> Iterator[Finding]:
    first, ends = held.leaf.not_valid_before_utc, held.leaf.not_valid_after_utc
    if now >= min(ends, held.ca.not_valid_after_utc):
        yield Finding("https", "STOP", f"the certificate ended on {ends:%Y-%m-%d}", _RENEW)
    if now < first:
        what = f"the certificate holds from {first:%Y-%m-%d} on: this machine's clock is behind"
        yield Finding("https", "STOP", what, "Set the clock; screens' clocks too.")
    try:
        held.leaf.verify_directly_issued_by(held.ca)
    except (ValueError, TypeError, InvalidSignature):
        yield Finding("https", "STOP", "the certificate is not of the authority beside it", _RENEW)
    if held.key_file.stat().st_mode & 0o077:
        yield Finding("https", "STOP", f"others may read {held.key_file}", f"chmod 600 {held.key_file}")
    for path in certificates.private_keys(data):
        what = f"{path} is a private key that has no place in the data folder"
        yield Finding("https", "STOP", what, "Take the authority's key away, on a stick.")
