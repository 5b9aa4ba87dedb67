"""`riwaq doctor` on the boards' pictures and films."""

from __future__ import annotations

from collections.abc import Iterator

from checkin_server.domain.boards import Media
from checkin_server.services.boards.media import Item, look_through
from checkin_server.services.checkup.doctor import Finding


def check_media(media: Media) -> Iterator[Finding]:
    """Name each file that boards can't show. They skip it, so nothing here stops a day."""
    found = list(look_through(media))
    shown = [item for item in found if isinstance(item, Item)]
    for refused in found:
        if not isinstance(refused, Item):
            yield Finding("media", "NOTE", f"{refused.name} {refused.why}; boards skip it", refused.todo)
    if shown:
        films = sum(1 for item in shown if item.kind == "video")
        yield Finding("media", "OK", f"boards show {len(shown) - films} pictures and {films} films")
    elif not found:
        yield Finding("media", "OK", "boards have no pictures or films of the venue; offers and slogan take turns")
