"""A server of one's own, started as people start it (`manage.py serve`), in a throw-away folder."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from scripts.api_client import Api

ROOT = Path(__file__).resolve().parents[2]
START_S = 300
STOP_S = 30
ANSWER_S = 300
MAKE_ADMIN = """
from backend.accounts.models import User
from backend.accounts.scopes import Scope
from backend.accounts.services import api_token_create
user = User.objects.filter(username="benchmark").first() or User.objects.create_superuser("benchmark")
print(api_token_create(user=user, scopes=list(Scope))[1])
"""


class Server:
    """Use it as a context: `with Server(folder) as server`."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.base = f"http://127.0.0.1:{self.port}"
        inherited = {
            name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ
        }
        # Covering text has a budget of its own: what is measured here is everything else.
        chosen = {
            "DATA_DIR": str(folder),
            "LOG_LEVEL": "WARNING",
            "MASK_TEXT": "false",
            "TEXT_CHECK": "false",
            **settings,
        }
        self._env = {**inherited, **chosen}
        self.manage("migrate", "--verbosity", "0")

    def manage(self, *arguments: str) -> str:
        """What a management command printed; CalledProcessError when it failed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self._env, check=True, stdout=subprocess.PIPE, text=True, timeout=1800
        )
        return done.stdout

    @contextmanager
    def managing(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """A management command that runs meanwhile and is spoken to; killed where its end does not end it."""
        command = [sys.executable, "manage.py", *arguments]
        with subprocess.Popen(
            command, cwd=ROOT, env=self._env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                yield process
                process.wait(STOP_S)
            finally:
                process.kill()

    @property
    def pid(self) -> int:
        """Of `manage.py serve`, whose children are the server."""
        return self._process.pid

    def processes(self) -> list[psutil.Process]:
        """Everything that `manage.py serve` has started, and what that started."""
        return psutil.Process(self.pid).children(recursive=True)

    def running(self, word: str) -> list[psutil.Process]:
        """Those of them whose command names `word`; what ends at this moment is none."""
        return [process for process in self.processes() if word in _command(process)]

    def api(self) -> Api:
        """A client that may do everything."""
        return Api(self.base, token=self.manage("shell", "--verbosity", "0", "-c", MAKE_ADMIN).split()[-1])

    def __enter__(self) -> "Server":
        with (self.folder / "serve.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=ROOT, env=self._env, stdout=log, stderr=log,
            )  # fmt: skip
        self._wait_for_worker()
        return self

    def __exit__(self, *details: Any) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait(STOP_S)

    def _wait_for_worker(self) -> None:
        deadline = time.monotonic() + START_S
        while not self._worker_listens():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError((self.folder / "serve.log").read_text()[-3000:])
            time.sleep(0.5)

    def _worker_listens(self) -> bool:
        try:
            return bool(Api(self.base).get("/readyz").json()["checks"]["worker"]["ok"])
        except OSError:
            return False


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def answer_of(api: Api, images: Mapping[str, tuple[str, bytes]], *, every: float) -> dict[str, Any]:
    """Send a case and ask every so many seconds for its answer, which must be whole."""
    sent = api.post("/api/v1/analyses/", files=images)
    answer: dict[str, Any] = api.wait(sent.headers["Location"], seconds=ANSWER_S, every=every)
    if answer["state"] != "succeeded":
        raise RuntimeError(f"no answer: {answer}")
    return answer
