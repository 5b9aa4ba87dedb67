"""`riwaq print-agent`: print on this computer what the server queues for one printer."""

from __future__ import annotations

import logging
import os
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from checkin_server.commands import fail

if TYPE_CHECKING:
    from printers.transports.base import Transport

KINDS = ("usb", "serial", "lp", "file", "network", "virtual")


class _Hex(click.ParamType[int]):
    """A number as `lsusb` shows it: four hexadecimal digits."""

    name = "hex"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read it."""
        try:
            return value if isinstance(value, int) else int(value, 16)
        except ValueError:
            self.fail(f"{value!r} is not a hexadecimal number", param, ctx)


_HEX = _Hex()


@click.command("print-agent")
@click.option("--server", required=True, help="The server's address, for example http://192.168.10.2:8080.")
@click.option(
    "--ca",
    type=click.Path(path_type=Path),
    help="The venue's authority (riwaq-ca.crt of http://SERVER:PORT/trust), for an https address.",
)
@click.option(
    "--token-file", type=click.Path(path_type=Path), required=True, help="A file that holds this device's token alone."
)
@click.option("--printer", required=True, help="The printer's id in the venue's plan.")
@click.option("--transport", "kind", type=click.Choice(KINDS), required=True, help="How the printer is attached.")
@click.option("--vendor", type=_HEX, help="usb: the maker's number, as `lsusb` shows it, for example 04b8.")
@click.option("--product", type=_HEX, help="usb: the number after the colon, for example 0e15.")
@click.option("--serial", help="usb: the printer's own serial number, where there are two of one model.")
@click.option("--device", help="serial: the line, for example /dev/ttyUSB0.")
@click.option("--baud", type=int, default=19_200, show_default=True, help="serial: bits a second.")
@click.option(
    "--flow",
    type=click.Choice(["rtscts", "xonxoff", "none"]),
    default="rtscts",
    show_default=True,
    help="serial: how the printer says that its memory is full, as its switches say.",
)
@click.option("--queue", help="lp: the print queue of this computer (CUPS).")
@click.option("--path", type=click.Path(path_type=Path), help="file: what is written to, for example /dev/usb/lp0.")
@click.option("--host", help="network: the printer's address.")
@click.option("--port", type=click.IntRange(1, 65535), default=9100, show_default=True, help="network: its port.")
@click.option(
    "--acknowledge",
    type=click.Choice(["status", "none"]),
    default="status",
    show_default=True,
    help="none: the model never answers GS r; its tickets end as sent, not as printed.",
)
@click.option("--out", type=click.Path(path_type=Path), help="virtual: the folder to write to.")
@click.option(
    "--state-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to remember what the server has not heard yet (default: ~/.local/state/riwaq/agent-PRINTER).",
)
# size: click gives one argument an option
def print_agent(
    server: str, ca: Path | None, token_file: Path, printer: str, kind: str, state_dir: Path | None, **options: Any
) -> None:
    """Print what the server queues for one printer, on a printer that is attached to this computer.

    In the venue's settings that printer has kind = "agent". The token is made with `riwaq devices add --role
    print_agent --station PRINTER`. The agent goes on by itself when the network or the server was away.

    Example: riwaq print-agent --server http://192.168.10.2:8080 --token-file /etc/riwaq/agent.token --printer P1
    --transport usb --vendor 04b8 --product 0e15
    """
    from printers.agent import Agent, Journal, JournalError, Line, LineError, Refused

    _log_plainly()
    transport = _transport(kind, options)
    folder = state_dir or _state_folder() / f"agent-{printer}"
    try:
        line = Line(server, _token(token_file), ca)
        journal = Journal(folder)
    except (JournalError, ValueError) as error:
        fail(str(error), 2)
    agent = Agent(line, journal, transport, printer)
    try:
        agent.introduce()
        click.echo(f"Printing for {printer} of {server}. Stop with Ctrl-C.")
    except Refused as refused:
        fail(_why_refused(refused.code, printer))
    except LineError as error:
        click.echo(f"{error}. Trying on; stop with Ctrl-C.")
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    agent.start()
    stop.wait()
    agent.stop()
    journal.close()
    click.echo("Stopped. What the server has not heard yet, it hears at the next start.")


def _transport(kind: str, options: dict[str, Any]) -> Transport:
    """Make the way to the printer. Only what this way needs is imported."""
    acknowledges = options["acknowledge"] != "none"

    def need(name: str) -> Any:
        if options[name] is None:
            raise click.UsageError(f"--transport {kind} needs --{name}")
        return options[name]

    if kind == "usb":
        vendor, product = need("vendor"), need("product")
        from printers.transports.usb import UsbTransport

        return UsbTransport(vendor, product, options["serial"], acknowledges=acknowledges)
    if kind == "serial":
        from printers.transports.serial import SerialTransport

        return SerialTransport(need("device"), options["baud"], options["flow"], acknowledges=acknowledges)
    if kind == "lp":
        from printers.transports.lp import LpTransport

        return LpTransport(need("queue"), acknowledges=acknowledges)
    if kind == "file":
        from printers.transports.file import FileTransport

        return FileTransport(need("path"), acknowledges=acknowledges)
    if kind == "network":
        from printers.transports.network import NetworkTransport

        return NetworkTransport(need("host"), options["port"], acknowledges=acknowledges)
    from printers.transports.virtual import VirtualTransport

    out: Path = need("out")
    return VirtualTransport(out.parent, out.name)


def _token(path: Path) -> str:
    try:
        token = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        fail(f"cannot read the token {path}: {error}", 2)
    if not token or len(token.split()) != 1:
        fail(f"{path} must hold the device's token and nothing else", 2)
    return token


def _state_folder() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "riwaq"


def _why_refused(code: str, printer: str) -> str:
    if code == "unknown_printer":
        return f'the venue has no printer {printer} with kind = "agent"; correct --printer or the server\'s settings'
    return (
        f"the server refuses this device ({code}): its token must be made with "
        f"`riwaq devices add --role print_agent --station {printer}` and not be cut off"
    )


class _Plain(logging.Formatter):
    """A lost network is no fault of the program: say it on a line, without a traceback."""

    def formatException(self, ei: Any) -> str:
        from printers.agent import LineError, Refused

        return str(ei[1]) if isinstance(ei[1], LineError | Refused) else super().formatException(ei)


def _log_plainly() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_Plain("%(asctime)s %(name)s %(message)s"))
    logging.basicConfig(level=os.environ.get("RIWAQ_LOG", "WARNING"), handlers=[handler])
