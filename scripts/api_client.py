"""A small client of the REST API in plain Python: session, CSRF token, multipart, polling."""

import json
import mimetypes
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

TERMINAL = frozenset({"succeeded", "partial", "failed", "cancelled"})


@dataclass(frozen=True)
class Answer:
    """One response, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Api:
    """One visitor: with a token, or with a browser's session and its CSRF token."""

    def __init__(self, base: str, *, token: str | None = None, timeout: float = 120) -> None:
        self.base = base.rstrip("/")
        self._timeout = timeout
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        if token is None:
            self._headers = {"X-CSRFToken": self.get("/api/v1/auth/session/").json()["csrf_token"]}

    def sign_in(self, username: str, password: str) -> Answer:
        """As a browser does: the session gets another CSRF token."""
        answer = self.post_json("/api/v1/auth/login/", {"username": username, "password": password})
        if answer.status == 200:
            self._headers = {"X-CSRFToken": answer.json()["csrf_token"]}
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        """GET a path of the server, or a whole address."""
        return self._send("GET", path, None, headers)

    def post(
        self,
        path: str,
        fields: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """POST a form; `files` are (name, content) by field."""
        boundary = uuid.uuid4().hex
        body = multipart(fields or {}, files or {}, boundary)
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._send("POST", path, body, {**kind, **(headers or {})})

    def post_json(self, path: str, body: Mapping[str, Any]) -> Answer:
        """POST an object as JSON."""
        return self._send("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def delete(self, path: str) -> Answer:
        """DELETE a path."""
        return self._send("DELETE", path, None, {})

    def wait(self, address: str, *, seconds: float = 60, every: float = 0.1) -> dict[str, Any]:
        """Ask until the analysis has come to its end; TimeoutError when it has not in time."""
        deadline = time.monotonic() + seconds
        while True:
            answer = self.get(address)
            if answer.status == 200 and answer.json()["state"] in TERMINAL:
                return dict(answer.json())
            if time.monotonic() > deadline:
                raise TimeoutError(f"{address}: {answer.status} {answer.body[:300]!r}")
            time.sleep(every)

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        address = path if path.startswith("http") else self.base + path
        request = urllib.request.Request(  # noqa: S310 (the caller's own server)
            address, data=body, method=method, headers={**self._headers, **headers}
        )
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())


def multipart(fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes]], boundary: str) -> bytes:
    """The body of a multipart/form-data request."""
    parts: list[bytes] = []
    for name, value in fields.items():
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        )
    for name, (file_name, content) in files.items():
        kind = mimetypes.guess_type(file_name)[0] or "application/octet-stream"
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
            f"Content-Type: {kind}\r\n\r\n"
        )
        parts += [head.encode(), content, b"\r\n"]
    return b"".join([*parts, f"--{boundary}--\r\n".encode()])


def file_of(path: Path) -> tuple[str, bytes]:
    """(name, content) of a file on disk."""
    return path.name, path.read_bytes()
