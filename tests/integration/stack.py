"""The whole server as it runs for people: a real gunicorn, a real Celery worker, a real clock."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scripts.api_client import Api
from tests.integration.processes import Running, free_port, wait_until

REPOSITORY = Path(__file__).resolve().parents[2]
GUNICORN = ["-m", "gunicorn", "backend.config.wsgi", "--config", "backend/config/gunicorn.py"]
CELERY = ["-m", "celery", "--quiet", "--app=backend.config.celery"]
WORKER = ["worker", "--pool=prefork", "--queues=inference,maintenance", "--loglevel=INFO", "--concurrency=1"]
BACKGROUND = [
    "worker", "--pool=prefork", "--queues=background", "--loglevel=INFO", "--concurrency=1",
    "--max-tasks-per-child=1", "--hostname=background@%h",
]  # fmt: skip
TOKEN_PROGRAM = """
from django.contrib.auth.models import Group
from backend.accounts.models import User
from backend.accounts.services import api_token_create
user = User.objects.create_user("{role}")
user.groups.add(Group.objects.get(name="{role}"))
user.is_verified = lambda: True
print(api_token_create(user=user, scopes={scopes}, second_factor=True)[1])
"""
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")  # of our environment: the servers must not see more
SECRET_KEY = "a secret of the integration tests, long enough to be taken"


class Stack:
    """One installation in a folder of its own."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.env = {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "backend.config.settings.base",
            "DATA_DIR": str(folder),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "OMP_NUM_THREADS": "1",
            "TEXT_CHECK": "false",
            "MASK_TEXT": "false",  # a second an image: test_masking.py turns it on
            **settings,
        }
        self._started: list[Running] = []
        self.web: Running  # set when they are started
        self.worker: Running

    def manage(self, *arguments: str) -> str:
        """Run a management command to its end."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, env=self.env, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str, *arguments: str, **settings: str) -> Running:
        """Start a Python program of the product, with further settings of its own."""
        log, env = self.folder / f"{name}.log", {**self.env, **settings}
        running = Running(name, [sys.executable, *arguments], log=log, env=env, cwd=REPOSITORY)
        self.stopped_at_the_end(running)
        return running

    def stopped_at_the_end(self, running: Running) -> None:
        """One more process of this installation, however it was started."""
        self._started.append(running)

    def start_web(self, **settings: str) -> Running:
        """gunicorn, up to where it answers."""
        web = self.start("web", *GUNICORN, **settings)
        wait_until(self._web_answers, seconds=180, what="the web process answers")
        return web

    def start_worker(self, **settings: str) -> Running:
        """A Celery worker with one pool process; it may not be ready yet."""
        return self.start("worker", *CELERY, *WORKER, **settings)

    def start_background_worker(self) -> Running:
        """The worker of checks and comparisons; it may not be ready yet."""
        return self.start("background", *CELERY, *BACKGROUND)

    def token(self, role: str, *scopes: str) -> str:
        """A token with these scopes, of a new account with this role that has shown its second factor."""
        program = TOKEN_PROGRAM.format(role=role, scopes=scopes)
        return self.manage("shell", "--verbosity", "0", "-c", program).split()[-1]

    def start_clock(self, **settings: str) -> Running:
        """Celery beat."""
        return self.start("clock", *CELERY, "beat", "--pidfile=", "--loglevel=WARNING", **settings)

    def is_ready(self) -> bool:
        """What /readyz says."""
        return Api(self.base).get("/readyz").status == 200

    def stop(self) -> None:
        """Everything, the latest first."""
        for running in reversed(self._started):
            running.stop()

    def logs(self) -> str:
        """What all processes said, for a failed test."""
        return "\n".join(
            f"== {path.name}\n{path.read_text()[-6000:]}" for path in sorted(self.folder.glob("*.log"))
        )

    def _web_answers(self) -> bool:
        try:
            return Api(self.base).get("/healthz").status == 200
        except OSError:
            return False


def embedded_settings() -> dict[str, str]:
    """Nothing to set: the defaults are SQLite and the file-based broker."""
    return {"MODE": "embedded"}


def production_settings(database_url: str, broker_url: str) -> dict[str, str]:
    """Production by environment, reached over plain HTTP as a proxy would."""
    return {
        "MODE": "production",
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": database_url,
        "BROKER_URL": broker_url,
        "ALLOWED_HOSTS": "127.0.0.1",
        "ALLOW_ANONYMOUS": "true",
        "HTTPS": "false",
        "BEHIND_PROXY": "false",
    }


@contextmanager
def installed(folder: Path, settings: Mapping[str, str], checkpoints: Mapping[str, Path]) -> Iterator[Stack]:
    """Migrated, with an active version for each checkpoint; nothing runs yet, and nothing at the end."""
    stack = Stack(folder, settings)
    stack.manage("migrate", "--verbosity", "0")
    if checkpoints:
        stack.manage("model_import", *map(str, checkpoints.values()), "--activate")
    try:
        yield stack
    finally:
        stack.stop()
