"""The reference for a check-in's requests: a Flask route that does nothing, on the server's own HTTP stack.

Prints its port and serves until it is stopped.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

# Imported after the patching, as `checkin_server.cli` does.
from types import SimpleNamespace  # noqa: E402
from typing import Any, cast  # noqa: E402

from flask import Flask, Response, request  # noqa: E402

from checkin_server.running.listening import listen, server_for  # noqa: E402

_ANSWER = b'{"outcome":"admitted","padding":"' + b"x" * 900 + b'"}'
"""About as long as the answer to a scan."""


class _Everybody:
    """Who asks is known, as a kiosk is: its requests are counted against no stranger's share."""

    def proves(self, token: str, tries: object) -> str | None:
        """Take any token, each for a device of its own."""
        return token or None


def main() -> None:
    """Serve `POST /bare` on a free port."""
    flask = Flask("bare", static_folder=None)

    @flask.post("/bare")
    def bare() -> Response:
        request.get_data(cache=False)
        return Response(_ANSWER, mimetype="application/json")

    listener = listen("127.0.0.1", 0)
    print(listener.getsockname()[1], flush=True)
    server_for(cast("Any", SimpleNamespace(flask=flask, doorkeeper=_Everybody())), listener).serve_forever()


if __name__ == "__main__":
    main()
