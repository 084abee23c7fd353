"""`manage.py serve` with real processes: starts, restarts what dies, stops everything."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.tiny_models import tiny_checkpoints

ROOT = Path(__file__).resolve().parents[3]
MANAGE = [sys.executable, "manage.py"]
LIVE, BACKGROUND = "--queues=inference,maintenance", "--queues=background"
START_S, RESTART_S, STOP_S = 180, 60, 30  # on a busy machine; a few seconds on an idle one


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, condition: Callable[[], bool], limit_s: float) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {limit_s} s"
        time.sleep(0.1)


class Served:
    """A running `manage.py serve` with a DATA_DIR of its own."""

    def __init__(self, data_dir: Path, environment: dict[str, str]) -> None:
        self.port = free_port()
        self.log = data_dir / "serve.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*MANAGE, "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.ps = psutil.Process(self.process.pid)

    def said(self, text: str) -> bool:
        return text in self.log.read_text()

    def answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def child(self, word: str) -> psutil.Process | None:
        """The supervised process whose command line has this word (the workers: LIVE, BACKGROUND)."""
        found = [child for child in self.ps.children() if word in _command_line(child)]
        return found[0] if found else None


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A migrated DATA_DIR with a version for each modality."""
    data_dir = tmp_path_factory.mktemp("data")
    clean = {
        key: value for key, value in os.environ.items() if key not in ("BROKER_URL", "MODE", "LOG_LEVEL")
    }
    environment = {
        **clean,
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": f"sqlite:///{data_dir}/db.sqlite3",
        "DJANGO_SETTINGS_MODULE": "backend.config.settings.base",
        "DEVICE": "cpu",
    }
    files = [str(path) for path in tiny_checkpoints(data_dir / "made").values()]
    for command in (["migrate", "--verbosity", "0"], ["model_import", *files, "--activate"]):
        subprocess.run([*MANAGE, *command], cwd=ROOT, env=environment, check=True, capture_output=True)
    return environment


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[Served]:
    server = Served(Path(environment["DATA_DIR"]), environment)
    everyone = [server.ps]
    try:
        wait_for("the web process", lambda: server.answers("/healthz"), START_S)
        wait_for("the worker", lambda: bool(server.child(LIVE)), START_S)
        everyone += server.ps.children(recursive=True)
        yield server
        if server.process.poll() is None:
            everyone += server.ps.children(recursive=True)
    finally:
        for process in everyone:
            if process.is_running():
                process.kill()
        server.process.wait()


def test_everything_starts_is_replaced_when_it_dies_and_stops_together(
    served: Served, environment: dict[str, str]
) -> None:
    wait_for("readiness", lambda: served.said(f"http://127.0.0.1:{served.port}"), START_S)
    assert served.answers("/readyz")
    assert "A server already works in" in refusal(environment, "--port", str(free_port()))

    worker = served.child(LIVE)
    assert worker is not None
    pool = worker.children()
    assert pool, "the worker has no pool process"
    worker.kill()
    wait_for("a new worker", lambda: served.child(LIVE) not in (None, worker), RESTART_S)
    wait_for("the old pool's end", lambda: not any(_lives(process) for process in pool), 5)

    background = served.child(BACKGROUND)
    assert background is not None
    assert_steps_back(background)
    background.kill()
    wait_for("a new background worker", lambda: served.child(BACKGROUND) not in (None, background), RESTART_S)

    web = served.child("gunicorn")
    assert web is not None
    web.kill()
    wait_for("a new web process", lambda: served.answers("/healthz"), RESTART_S)

    everyone = served.ps.children(recursive=True)
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(STOP_S) == 0
    assert served.said("Stopped.")
    assert not [process for process in everyone if _lives(process)]
    assert not served.answers("/healthz")


def test_nothing_outlives_a_killed_supervisor(served: Served) -> None:
    everyone = served.ps.children(recursive=True)
    served.process.kill()
    wait_for("the end of all", lambda: not any(_lives(process) for process in everyone), STOP_S)


def assert_steps_back(worker: psutil.Process) -> None:
    """Lowest priority, also of its pool process and against other sessions; and no torch while it idles."""
    wait_for("its pool process", lambda: bool(worker.children()), START_S)
    for process in (worker, *worker.children()):
        assert process.nice() == 19
        assert os.sched_getscheduler(process.pid) == os.SCHED_IDLE
        assert "libtorch" not in Path(f"/proc/{process.pid}/maps").read_text()
    autogroup = Path(f"/proc/{worker.pid}/autogroup")
    assert not autogroup.exists() or autogroup.read_text().split()[-1] == "19"
    megabytes = sum(process.memory_full_info().pss for process in (worker, *worker.children())) / 1e6
    assert megabytes < 200, megabytes


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def refusal(environment: dict[str, str], *arguments: str, **changes: str) -> str:
    result = subprocess.run(
        [*MANAGE, "serve", *arguments],
        cwd=ROOT,
        env={**environment, **changes},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 1
    return result.stderr


def test_an_old_database_is_said(environment: dict[str, str], tmp_path: Path) -> None:
    said = refusal(environment, DATABASE_URL=f"sqlite:///{tmp_path}/new.sqlite3")
    assert "run `python manage.py migrate` first" in said


def test_a_taken_port_is_said(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        said = refusal(environment, "--port", str(other.getsockname()[1]))
    assert "choose another with --port" in said
