"""A demo venue whose three kiosks print on network printers that are programs, and can be given faults.

Run as a module it is `riwaq` with the venue's file that `RIWAQ_TEST_VENUE` names in place of the demo's own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.printers.fake_printer import FakePrinter
from tests.support.server import DemoServer

CONFIG = Path(__file__).resolve().parents[2] / "config" / "demo"


@dataclass
class PaperServer(DemoServer):
    """The demo server with printers in the network."""

    venue_file: Path = CONFIG / "rabat.toml"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the server and of commands."""
        return {**super().environment, "RIWAQ_TEST_VENUE": str(self.venue_file)}


@dataclass(frozen=True)
class Paper:
    """A server and its printers P1, P2, P3, which stand at the kiosks K1, K2, K3."""

    server: PaperServer
    printers: dict[str, FakePrinter]

    def fail(self, **faults: str) -> None:
        """Give printers a fault, or `ok`."""
        for name, fault in faults.items():
            self.printers[name].fault = fault


@contextmanager
def paper_venue(folder: Path, patience: float, *, settings: str = "") -> Iterator[Paper]:
    """Run the venue; a ticket waits `patience` seconds for a printer that is down. All have these `settings`."""
    config = folder / "venue-config"
    shutil.copytree(CONFIG, config)
    venue = config / "rabat.toml"
    with ExitStack() as stack:
        printers = {name: stack.enter_context(FakePrinter()) for name in ("P1", "P2", "P3")}
        text = venue.read_text(encoding="utf-8")
        for printer in printers.values():
            reached = f'kind = "network"\nhost = "127.0.0.1"\nport = {printer.port}\n{settings}'
            assert 'kind = "virtual"' in text
            text = text.replace('kind = "virtual"', reached, 1)
        text = text.replace("[rules]", f"[printing]\npatience_seconds = {patience}\n\n[rules]", 1)
        venue.write_text(text, encoding="utf-8")
        server = PaperServer(
            folder / "venue",
            folder / "keys",
            arguments=("--members", "1200"),
            module="tests.support.paper",
            venue_file=venue,
        )
        server.start()
        try:
            yield Paper(server, printers)
        finally:
            server.stop()
            print("".join(server.output))


if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()

    from checkin_server.cli import main
    from checkin_server.venues import demo
    from tests.support import checked

    checked.install()
    demo.CONFIG = Path(os.environ["RIWAQ_TEST_VENUE"])
    main()
