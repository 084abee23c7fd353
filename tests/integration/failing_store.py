"""moto's server with faults to switch on: `python -m tests.integration.failing_store --port N --fault FILE`.

While FILE holds `500` or `503`, each request is answered so, before anything is done; with `half`, what is
read ends in the middle; when it is empty or not there, all is well."""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, run_simple
from werkzeug.wrappers import Response

REFUSALS = {"500": "InternalError", "503": "SlowDown"}
HALF = "half"
BODY = "<Error><Code>{code}</Code><Message>A test says so.</Message></Error>"
Start = Callable[..., Any]


class OneRequest(WSGIRequestHandler):
    """A connection ends with its answer, also with half of one."""

    protocol_version = "HTTP/1.0"


class Failing:
    """A WSGI application around moto's."""

    def __init__(self, fault: Path) -> None:
        self._store, self._fault = DomainDispatcherApplication(create_backend_app), fault

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        fault = self._fault.read_text().strip() if self._fault.exists() else ""
        if fault in REFUSALS:
            body = BODY.format(code=REFUSALS[fault])
            return Response(body, status=int(fault), content_type="application/xml")(environ, start)
        answer = self._store(environ, start)
        if fault == HALF and environ["REQUEST_METHOD"] == "GET":
            return _half(answer)
        return answer


def _half(answer: Iterable[bytes]) -> Iterable[bytes]:
    """Less than the announced length; then the connection ends."""
    body = b"".join(answer)
    yield body[: len(body) // 2]


def main() -> None:
    """Until it is stopped."""
    parser = argparse.ArgumentParser(description="An S3-compatible server that fails when it is told to.")
    parser.add_argument("--port", type=int, required=True, help="of 127.0.0.1")
    parser.add_argument("--fault", type=Path, required=True, help="the file that names the fault")
    args = parser.parse_args()
    run_simple("127.0.0.1", args.port, Failing(args.fault), threaded=True, request_handler=OneRequest)


if __name__ == "__main__":
    main()
