"""Would the day work? What is looked at in the machine and around it: key, disk, files, paper, printers, network."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import http.client
import json
import os
import re
import shutil
import socket
import struct
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from checkin_server.common import keys, places
from checkin_server.common.descriptors import ENOUGH
from checkin_server.common.limits import LEAST_FREE_BYTES
from checkin_server.domain.plan import LANGUAGES, Plan
from checkin_server.services.checkup.doctor import Finding
from checkin_server.services.paper import sample_ticket
from checkin_server.services.venue import Words
from printers.renderer import Renderer, RenderError
from printers.ticket import MAX_TEXT
from printers.transports.base import Transport, TransportError

SOME_FREE_BYTES = 1024 * 1024 * 1024
_SIOCGIFADDR = 0x8915
"""Linux: the IPv4 address of a network interface."""

REMEDIES = {
    "unreachable": "Power, cable, and its address in the settings.",
    "no_acknowledgement": 'Switch it off and on; a model that never answers GS r gets acknowledge = "none".',
    "loses_tickets": "Check paper, cover, cables; make a test print on the dashboard; say there how it came out.",
    "no_answer": "Switch it off and on; is it an ESC/POS printer?",
    "offline": "Look at its cover, feed button and error lamp.",
    "paper_out": "Put in a roll.",
    "cover_open": "Close the cover.",
    "printer_error": "Look at its cutter and its manual; switch it off and on.",
    "stalled": "Switch it off and on.",
    "reset": "Switch it off and on.",
    "unwritable": "See the rights of the data folder and the free space.",
    "agent_silent": "Start `riwaq print-agent` on its computer, and look at that computer's network.",
}
"""What to do about each trouble of a printer; docs/reasons.md says more."""


_WELL = {
    "agent": "its agent says that it is well",
    "virtual": "its folder can be written to",
    "file": "its file can be written to",
    "lp": "its queue takes jobs",
}


def check_key(path: Path | None) -> Iterator[Finding]:
    """See that the database's key can be read, and by its owner only."""
    if path is None:
        yield Finding("key", "OK", "PostgreSQL keeps the data; no key of ours is needed")
        return
    try:
        keys.read(path)
    except keys.KeyUnusable as error:
        yield Finding("key", "STOP", str(error))
        return
    rights = path.stat().st_mode & 0o777
    if rights & 0o077:
        yield Finding("key", "STOP", f"others may read {path} (rights {rights:04o})", f"chmod 600 {path}")
    else:
        yield Finding("key", "OK", f"{path} is for its owner only; keep two copies, apart from the backups")


def check_disk(folder: Path) -> Iterator[Finding]:
    """See that the data folder can be written to and has room for a day."""
    if not folder.is_dir():
        yield Finding("disk", "STOP", f"there is no data folder {folder}", "Create it: riwaq init --config F")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding("disk", "STOP", f"{folder} cannot be written to", "Give the server's user the right to.")
        return
    free = shutil.disk_usage(folder).free
    shown = f"{free / 2**30:.1f} GB free in {folder}"
    if free < LEAST_FREE_BYTES:
        yield Finding("disk", "STOP", shown, "Make room: old backups, old tickets of virtual printers.")
    elif free < SOME_FREE_BYTES:
        yield Finding("disk", "NOTE", shown, "Enough for a day; make room before the next.")
    else:
        yield Finding("disk", "OK", shown)


def check_files(shared: Path, plan: Plan) -> Iterator[Finding]:
    """See that everything is there that screens load: fonts, programs, each service's pictogram.

    Args:
        shared: the folder of the files that all screens share.
        plan: the venue's plan.
    """
    fonts = re.findall(r'url\("([^"]+)"\)', (shared / "fonts.css").read_text("utf-8"))
    wanted = [*fonts, "vendor/socket.io.esm.min.js", "vendor/chart.umd.min.js"]
    missing = [name for name in wanted if not (shared / name).is_file() or (shared / name).stat().st_size == 0]
    if missing:
        yield Finding("files", "STOP", f"screens miss {', '.join(sorted(set(missing)))}", "Run `make setup` again.")
    icons = sorted({s.pictogram for s in plan.services.values()})
    lost = [name for name in icons if not (shared / "vendor" / "icons" / f"{name}.svg").is_file()]
    if lost:
        todo = "Choose another pictogram in the venue's file, or add it to package.json and run `make setup`."
        yield Finding("files", "STOP", f"there is no picture for {', '.join(lost)}", todo)
    if not missing and not lost:
        yield Finding("files", "OK", "fonts, programs and pictograms of the screens are there")


def check_tickets(plan: Plan, words: Callable[[str], Words], template: Path, fonts: Path) -> Iterator[Finding]:
    """Lay out a ticket of this venue in every language, for every width of paper it has."""
    widths = sorted({printer.width_mm for printer in plan.printers.values()}) or [80]
    with Renderer(template, fonts) as renderer:
        for language in LANGUAGES:
            for width in widths:
                try:
                    renderer.render(sample_ticket.sample(plan, words, language, 1234), width)
                except RenderError as error:
                    todo = "Mend the template (config/templates/ticket.typ), or run `make setup` for the fonts."
                    yield Finding("tickets", "STOP", f"no ticket in {language} for {width} mm: {error}", todo)
                    return
        yield from _too_long(plan, words, renderer, widths)
    papers = " and ".join(f"{width} mm" for width in widths)
    yield Finding("tickets", "OK", f"can be laid out in {', '.join(LANGUAGES)} for {papers}")


def _too_long(
    plan: Plan, words: Callable[[str], Words], renderer: Renderer, widths: Sequence[int]
) -> Iterator[Finding]:
    """Tell where the ticket of somebody who comes for everything has no room for all of it, and names are cut off."""
    for width in widths:
        left: dict[str, int] = {}
        for language in LANGUAGES:
            spec = sample_ticket.fullest(plan, words, language)
            with contextlib.suppress(RenderError):  # the sample has told of what is broken
                if out := renderer.render(spec, width).left_out:
                    left[language] = out
        if left:
            shown = ", ".join(f"{language}: {out}" for language, out in left.items())
            what = f"of all {len(spec['route'])} services at once, {width} mm paper has no room for some ({shown})"
            todo = 'Such a ticket says "+ n more: show this ticket at a kiosk"; shorter names, wider paper help.'
            yield Finding("tickets", "NOTE", what, todo)
    long = {s.id for s in plan.services.values() if any(len(name) > MAX_TEXT for name in s.name.values())}
    if long:
        what = f"longer than {MAX_TEXT} characters, and cut off there: the name of {', '.join(sorted(long))}"
        yield Finding("tickets", "NOTE", what, "Shorten it in the venue's file.")


def check_printers(
    plan: Plan, way_to: Callable[[str], Transport | None], running: Mapping[str, Mapping[str, Any]]
) -> Iterator[Finding]:
    """Ask each printer how it is. One that fails stops the day only where a kiosk is left without any.

    Args:
        plan: the venue's plan.
        way_to: gives the way to a printer; None for one that only its agent can reach.
        running: what a running server says of its printers, as in `/readyz`; empty when none runs.
    """
    troubles: dict[str, str] = {}
    low: set[str] = set()
    for printer in plan.printers:
        said = running.get(printer)
        trouble, paper = _how_is(way_to(printer), said)
        if trouble is None and said is not None and said.get("doubted"):
            trouble = "loses_tickets: of its last tickets nobody knows what came out"
        if trouble is not None:
            troubles[printer] = trouble
        elif paper == "low":
            low.add(printer)
    stranded: dict[str, list[str]] = {}
    for kiosk in plan.kiosks.values():
        ladder = (kiosk.printer, *kiosk.neighbours)
        if all(printer in troubles for printer in ladder):
            for printer in ladder:
                stranded.setdefault(printer, []).append(kiosk.id)
    for printer, row in plan.printers.items():
        code = troubles.get(printer)
        if code is None and printer in low:
            yield Finding(
                "printer", "NOTE", f"{printer} ({row.kind}): its roll is nearly at its end", _change(plan, printer)
            )
            continue
        if code is None:
            how = _WELL.get(row.kind, "it answers, acknowledges and has paper")
            if not row.acknowledges:
                how = f'it can be reached; it does not acknowledge tickets (acknowledge = "{row.acknowledge}")'
            yield Finding("printer", "OK", f"{printer} ({row.kind}): {how}")
            continue
        left = f"; kiosk {', '.join(stranded[printer])} has no other" if printer in stranded else "; others take over"
        word = code.partition(":")[0]
        code = code.replace("no_acknowledgement:", "does not acknowledge:")
        shown = f"{printer} ({row.kind}): {code}{left if plan.kiosks else ''}"
        yield Finding("printer", "STOP" if printer in stranded else "NOTE", shown, REMEDIES.get(word, ""))
    if not plan.printers:
        yield Finding("printer", "NOTE", "the venue has none; numbers stand on the kiosks' screens only")


def _change(plan: Plan, printer: str) -> str:
    """Say where a roll is to be changed."""
    kiosks = [kiosk.id for kiosk in plan.kiosks.values() if kiosk.printer == printer]
    return f"Change the roll soon at kiosk {', '.join(kiosks)}." if kiosks else "Change the roll soon."


def _how_is(way: Transport | None, said: Mapping[str, Any] | None) -> tuple[str | None, str | None]:
    """Return a printer's trouble, None when it has none, and how much paper it has."""
    if way is None:
        if said is None:
            return "agent_silent: no server runs that could ask its agent", None
        return None if said["state"] == "ok" else str(said["last_error"] or "agent_silent"), said.get("paper")
    try:
        return None, way.check(acknowledge=True)
    except TransportError as error:
        return str(error), None


def check_descriptors(most: int) -> Iterator[Finding]:
    """See that the server may hold enough connections open; `most` is what the system lets it have."""
    if most < ENOUGH:
        todo = f"Raise it: LimitNOFILE={ENOUGH} in the server's unit, or `ulimit -Hn {ENOUGH}` before it starts."
        yield Finding("descriptors", "NOTE", f"the server may hold only {most} files and connections open", todo)
    else:
        yield Finding("descriptors", "OK", f"the server may hold {most} files and connections open")


def check_network(host: str, port: int, answer: Mapping[str, Any] | None, own: Sequence[str]) -> Iterator[Finding]:
    """See that the server runs or could, and tell the addresses that screens can use.

    Args:
        host: where the settings let it listen.
        port: its port.
        answer: what a running server says (`/readyz`); None when none answers there.
        own: this machine's addresses in its networks.
    """
    if answer is not None:
        yield Finding("network", "OK", f"a server answers on port {port}")
        down = [name for name, check in answer["checks"].items() if not check["ok"]]
        if down:
            todo = f"See http://127.0.0.1:{port}/readyz"
            yield Finding("server", "STOP", f"it is not ready: {', '.join(down)}", todo)
        reached = [address for address in own if ask_server(address, port) is not None]
    else:
        yield _could_listen(host, port)
        everywhere = host in places.EVERYWHERE
        reached = [address for address in own if everywhere or address == host]
    if reached:
        shown = ", ".join(f"http://{address}:{port}" for address in reached)
        yield Finding("network", "OK", f"screens reach the server at {shown}")
    elif own:
        todo = 'Set host = "0.0.0.0" (or --host) to let tablets, kiosks and boards in.'
        yield Finding("network", "NOTE", "only this machine reaches the server", todo)
    else:
        todo = "Connect it to the venue's network, unless all screens are on this machine."
        yield Finding("network", "NOTE", "this machine has no address in any network", todo)


def _could_listen(host: str, port: int) -> Finding:
    try:
        with socket.create_server((host, port)):
            return Finding("network", "OK", f"{host}:{port} is free for the server")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            todo = "Stop it, or choose another port in the settings."
            return Finding("network", "STOP", f"another program uses port {port}", todo)
        what = f"cannot listen on {host}:{port}: {error.strerror}"
        return Finding("network", "STOP", what, "Correct host or port in the settings.")


def ask_server(host: str, port: int) -> dict[str, Any] | None:
    """Ask what runs at an address whether it is ready; None when no Riwaq answers there."""
    asked = "127.0.0.1" if host in (*places.EVERYWHERE, "localhost") else host
    connection = http.client.HTTPConnection(asked, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        document = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return document if isinstance(document, dict) and "checks" in document else None


def lan_addresses() -> list[str]:
    """Return this machine's IPv4 addresses but for its own loop."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):  # an interface without an IPv4 address
                packed = fcntl.ioctl(probe.fileno(), _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                address = socket.inet_ntoa(packed[20:24])
                if not address.startswith("127."):
                    found.append(address)
    return found


def network_time() -> bool | None:
    """Say whether the machine's clock is set by the network; None where that can't be asked."""
    try:
        asked = subprocess.run(
            ["timedatectl", "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=5,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(asked.stdout.strip())
