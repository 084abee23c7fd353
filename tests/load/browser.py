"""A browser as a server sees it: one connection kept alive, cookies, the CSRF token; and how long it took."""

import http.client
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from scripts.api_client import Answer, multipart

PATIENCE_S = 60
Files = Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True)
class Timed:
    """One request: what it was, its status (0: no answer), seconds."""

    what: str
    status: int
    seconds: float


class Browser:
    """One visitor. `timed` grows by every request."""

    def __init__(self, base: str, token: str | None = None) -> None:
        address = urlsplit(base)
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(address.netloc, timeout=PATIENCE_S)
        self._base, self._cookies = base.rstrip("/"), SimpleCookie()
        self._headers = {"Authorization": f"Bearer {token}"} if token else {"Referer": f"{self._base}/"}
        self.timed: list[Timed] = []

    def arrive(self) -> Answer:
        """Ask who one is, as the page does first; later requests carry the CSRF token."""
        return self._with_token(self.get("session", "/api/v1/auth/session/"))

    def sign_in(self, username: str, password: str) -> Answer:
        """With a name and a password."""
        body = json.dumps({"username": username, "password": password}).encode()
        kind = {"Content-Type": "application/json"}
        return self._with_token(self._send("sign-in", "POST", "/api/v1/auth/login/", body, kind))

    def get(self, what: str, path: str) -> Answer:
        """GET; `what` names the kind of request in the report."""
        return self._send(what, "GET", path, None, {})

    def send_case(self, files: Files) -> Answer:
        """Press Submit."""
        boundary = uuid.uuid4().hex
        kind = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        body = multipart({}, files, boundary)
        return self._send("submit", "POST", "/api/v1/analyses/", body, kind)

    def _with_token(self, answer: Answer) -> Answer:
        if answer.status == 200 and "Authorization" not in self._headers:
            self._headers["X-CSRFToken"] = answer.json()["csrf_token"]
        return answer

    def _send(
        self, what: str, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        began = time.perf_counter()
        try:
            answer = self._ask(method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            answer = Answer(0, {}, repr(error).encode())
        self.timed.append(Timed(what, answer.status, time.perf_counter() - began))
        return answer

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Once more where the server closed a connection that lay idle, as browsers do."""
        sent: dict[str, Any] = {**self._headers, **headers}
        if self._cookies:
            sent["Cookie"] = "; ".join(f"{name}={one.value}" for name, one in self._cookies.items())
        try:
            self._connection.request(method, path, body, sent)
            response = self._connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._connection.close()
            self._connection.request(method, path, body, sent)
            response = self._connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            self._cookies.load(cookie)
        return Answer(response.status, response.headers, response.read())
