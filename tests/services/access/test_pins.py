"""How PINs are kept. Tests keep theirs by a lighter hash (`tests/support/light_hashes.py`); venues must not."""

from __future__ import annotations

from argon2 import Type, extract_parameters

from tests.support import light_hashes
from tests.support.venue import PIN, Site


def test_pins_are_kept_as_salted_hashes(site: Site) -> None:
    """The same PIN twice is kept differently."""
    site.hire("Nadia")
    site.hire("Karim")
    hashes = [row["pin_hash"] for row in site.rows("SELECT pin_hash FROM staff")]
    assert len(set(hashes)) == 2
    assert all(kept.startswith("$argon2id$") and PIN not in kept for kept in hashes)


def test_a_venue_hashes_slowly() -> None:
    """OWASP's second profile for argon2id, or more: 19 MiB, two passes, one lane."""
    kept = light_hashes.REAL.hash(PIN)
    asked = extract_parameters(kept)
    assert asked.type is Type.ID and asked.memory_cost >= 19 * 1024 and asked.time_cost >= 2 and asked.parallelism == 1
    assert light_hashes.REAL.verify(kept, PIN)
