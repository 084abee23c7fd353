"""`manage.py serve`: the whole product on one machine, until Ctrl-C."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from backend.core.background import lowest_priority
from backend.core.supervision.child import Child
from backend.core.supervision.guard import lock_data_folder, refuse_old_database, refuse_taken_port
from backend.core.supervision.readiness import ReadinessReport
from backend.core.supervision.supervisor import Supervisor

CELERY = ("--quiet", "--app=backend.config.celery")
WORKER = (
    "worker", "--pool=prefork", "--without-gossip", "--without-mingle", "--without-heartbeat",
    "--loglevel=WARNING",
)  # fmt: skip
NO_ROOT_WARNING = "ignore:You're running the worker with superuser"  # only JSON is accepted
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 (compared with, not bound to)


class Command(BaseCommand):
    """Starts gunicorn, two Celery workers and their clock; restarts what dies, stops all together."""

    help = "Serve the page and the API and run the workers, on one machine, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="address to listen on (%(default)s)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="port to listen on (%(default)s)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        refuse_old_database()
        refuse_taken_port(host, port)
        lock = lock_data_folder(settings.DATA_DIR)
        connections.close_all()
        shown_host = "127.0.0.1" if host in ANY_ADDRESS else host
        url = f"http://{f'[{shown_host}]' if ':' in shown_host else shown_host}:{port}"
        children = [self._web(host, port), self._worker(), self._background_worker(), self._clock()]
        for child in children:
            self._say(f"Starting the {child.name}")
        Supervisor(children, ReadinessReport(url, self._say)).run()
        self._say("Stopped.")
        os.close(lock)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _web(self, host: str, port: int) -> Child:
        config = Path(settings.BASE_DIR) / "backend" / "config" / "gunicorn.py"
        command = _python("gunicorn", "backend.config.wsgi", "--config", str(config))
        return Child("web process", command, _environment(HOST=host, PORT=str(port)))

    def _worker(self) -> Child:
        options = (f"--concurrency={settings.WORKER_PROCESSES}", "--queues=inference,maintenance")
        return Child("worker", _python("celery", *CELERY, *WORKER, *options), _worker_environment())

    def _background_worker(self) -> Child:
        """Each of its tasks has a process of its own, so that torch and a model are gone with the task."""
        options = (
            f"--hostname={settings.BACKGROUND_QUEUE}@%h", f"--queues={settings.BACKGROUND_QUEUE}",
            "--concurrency=1", "--max-tasks-per-child=1",
        )  # fmt: skip
        command = _python("celery", *CELERY, *WORKER, *options)
        return Child("background worker", command, _worker_environment(), before=lowest_priority)

    def _clock(self) -> Child:
        command = _python("celery", *CELERY, "beat", "--pidfile=", "--loglevel=WARNING")
        return Child("clock", command, _environment())


def _python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def _worker_environment() -> dict[str, str]:
    return _environment(PYTHONWARNINGS=NO_ROOT_WARNING)


def _environment(**changes: str) -> dict[str, str]:
    """Ours, with the settings module named and the repository importable from any folder."""
    paths = [str(settings.BASE_DIR), *filter(None, [os.environ.get("PYTHONPATH")])]
    module = os.environ["DJANGO_SETTINGS_MODULE"]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "DJANGO_SETTINGS_MODULE": module, **changes}
