"""`riwaq` whose server speaks HTTPS too, as after `riwaq tls init`; this machine may go on in plain HTTP.

So the load is the same with and without, and a phone's handshakes are real ones.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

# Imported after the patching, as `checkin_server.cli` does.
import tempfile  # noqa: E402
from datetime import timedelta  # noqa: E402
from functools import partial  # noqa: E402
from pathlib import Path  # noqa: E402

from checkin_server import cli  # noqa: E402
from checkin_server.common import certificates  # noqa: E402


def main() -> None:
    """Run a command; where it serves, with certificates that were made this moment."""
    now = certificates.now()
    wanted = certificates.Wanted(("riwaq.local",), ("127.0.0.1",), now + timedelta(days=30))
    ca, ca_key = certificates.new_authority("Bench", wanted, now)
    leaf, leaf_key = certificates.new_leaf(ca, ca_key, wanted, now)
    with tempfile.TemporaryDirectory(prefix="riwaq-bench-tls-") as folder:
        certificates.write(Path(folder), ca, leaf, leaf_key)
        cli._serve = partial(cli._serve, tls_context=certificates.context(Path(folder)))
        cli.main()


if __name__ == "__main__":
    main()
