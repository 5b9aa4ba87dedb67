"""`riwaq` whose every answer and snapshot is held against its type: no field more, none less, none of another kind.

Run as a module it is what tests start as a server. A misfit is answered with 500, or not pushed, and said in the
output; whoever stops the server finds it there (`tests.support.server.DemoServer.stop`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Response, request
from pydantic import ValidationError

if TYPE_CHECKING:
    from checkin_server.running.application import Application

MISFIT = "AN ANSWER DOES NOT FIT ITS TYPE"


def install() -> None:
    """From now on every `Application` is held to its types. After gevent's patches, before a server is made."""
    from checkin_server.running.application import Application

    plain = Application.__init__

    def make(self: Application, *args: Any, **more: Any) -> None:
        plain(self, *args, **more)
        hold(self)

    Application.__init__ = make  # type: ignore[method-assign]


def hold(application: Application) -> None:
    """Check each answer of each operation, and the data of each topic whenever it is built."""
    from tests.support.shown import fits

    operations = {f"api.{operation.name}": operation for operation in application.api.operations}

    @application.flask.after_request
    def check(answer: Response) -> Response:
        operation = operations.get(request.endpoint or "")
        if operation is None or answer.status_code != 200 or answer.mimetype != "application/json":
            return answer
        if operation.answer is None:
            return _misfit(f"{operation.method} {operation.path}", "no answer is declared")
        try:
            operation.answer.model_validate_json(answer.get_data(), strict=True)
        except ValidationError as error:
            return _misfit(f"{operation.method} {operation.path}", str(error))
        return answer

    def checked(name: str, build: Callable[[], Mapping[str, object]]) -> Callable[[], Mapping[str, object]]:
        def make() -> Mapping[str, object]:
            data = build()
            try:
                return fits(name, data)
            except ValidationError as error:
                _misfit(name, str(error))
                raise

        return make

    for name, topic in application.live._topics.items():
        topic.build = checked(name, topic.build)


def _misfit(what: str, error: str) -> Response:
    print(f"{MISFIT}: {what}: {' '.join(error.split())}", flush=True)
    return Response(f"{MISFIT}: {what}: {error}", 500, mimetype="text/plain")


if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()

    from checkin_server.cli import main

    # By its own name, not as `__main__`: that is what others import.
    from tests.support import checked

    checked.install()
    main()
