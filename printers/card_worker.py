"""One card at a time, laid out in a child process: `python -m printers.card_worker TEMPLATE FONTS`.

A card made at the welcome desk is rare, and Typst would stop everybody else in the server: the child is started for
each, reads the card as JSON and writes the PDF.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from printers.cards import CardLayout, CardSpec
from printers.render import LayoutError

_PATIENCE_S = 30


class CardPaper:
    """Lays out single cards with one template and one folder of fonts.

    Args:
        template: the card's Typst template.
        fonts: the folder of its fonts.
    """

    def __init__(self, template: Path, fonts: Path) -> None:
        self._command = [sys.executable, "-m", "printers.card_worker", str(template), str(fonts)]

    def pdf(self, card: CardSpec, event: Mapping[str, str]) -> bytes:
        """Return one page of a card's size. Raises LayoutError."""
        asked = json.dumps({"card": asdict(card), "event": {"ar": event["ar"], "fr": event["fr"]}})
        try:
            made = subprocess.run(
                self._command, input=asked.encode(), capture_output=True, timeout=_PATIENCE_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise LayoutError(f"the card could not be laid out: {error}", of_ticket=False) from error
        if made.returncode != 0:
            raise LayoutError(made.stderr.decode(errors="replace").strip()[-500:], of_ticket=False)
        return made.stdout


def main() -> None:
    """Read a card, write its PDF."""
    template, fonts = (Path(argument) for argument in sys.argv[1:3])
    asked = json.load(sys.stdin)
    layout = CardLayout(template, fonts)
    card, event = CardSpec(**asked["card"]), asked["event"]
    sys.stdout.buffer.write(layout.pdf([card], event_ar=event["ar"], event_fr=event["fr"], single=True))


if __name__ == "__main__":
    main()
