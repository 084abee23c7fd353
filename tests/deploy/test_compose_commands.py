"""Every command and health check of docker-compose.yml, run as they stand there: without containers.

Only addresses and folders are this machine's; `object-store` and `worker-gpu` (the worker's command, with a
GPU) need what is not installed here."""

import os
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from scripts.api_client import Api
from tests.deploy.compose import REPOSITORY, Service, example_env, services
from tests.deploy.proxy import nginx_config
from tests.integration.processes import Running, free_port, wait_until
from tests.integration.services import Postgres, postgres_server
from tests.integration.stack import SECRET_KEY

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
NOT_RUN = {"object-store", "worker-gpu"}
SIGN_INS = 25  # more than the burst that the proxy lets through
NAME = "cv4lymphnode"  # of the role and the database


@dataclass
class Composed:
    """What `docker compose up` would start, on this machine."""

    folder: Path
    postgres: Postgres
    web: int = field(default_factory=free_port)
    redis: int = field(default_factory=free_port)
    started: dict[str, Running] = field(default_factory=dict)

    def __post_init__(self) -> None:
        filled = example_env(SECRET_KEY=SECRET_KEY, POSTGRES_PASSWORD="of-a-test", PORT=str(self.web))
        self.services = services(filled)

    def start(self, name: str, *more: str) -> Running:
        """Its command, with `more` behind it."""
        service = self.services[name]
        log = self.folder / f"{name}.log"
        command = [self.here(word) for word in service.command]
        running = Running(name, [*command, *more], log=log, env=self.env(service), cwd=REPOSITORY)
        self.started[name] = running
        return running

    def is_healthy(self, name: str, *more: str) -> bool:
        """What its health check says; `more` goes behind the program's name."""
        service = self.services[name]
        program, *rest = [self.here(word) for word in service.healthcheck]
        command, env = [program, *more, *rest], self.env(service)
        done = subprocess.run(command, env=env, cwd=REPOSITORY, check=False, capture_output=True, timeout=20)
        return done.returncode == 0

    def env(self, service: Service) -> dict[str, str]:
        """Its environment, and where programs are found."""
        programs = f"{Path(sys.executable).parent}:{self.postgres.programs}:/usr/local/sbin:/usr/sbin"
        image = {"MODE": "production", "PGHOST": "127.0.0.1", "PGPORT": str(self.postgres.port)}
        given = {name: self.here(value) for name, value in service.environment.items()}
        return {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(self.folder), **image, **given}

    def here(self, word: str) -> str:
        """A word of the file, with this machine's addresses and folders."""
        places: Mapping[str, str] = {
            "@postgres:5432": f"@127.0.0.1:{self.postgres.port}",
            "redis:6379": f"127.0.0.1:{self.redis}",
            "0.0.0.0:8000": f"127.0.0.1:{self.web}",
            "127.0.0.1:8000": f"127.0.0.1:{self.web}",
            "/data": str(self.folder),
        }
        for there, place in places.items():
            word = word.replace(there, place)
        return word

    def says(self, name: str, words: str) -> bool:
        """Whether its log has the words."""
        return words in (self.folder / f"{name}.log").read_text(errors="replace")


@pytest.fixture
def composed(tmp_path: Path) -> Iterator[Composed]:
    with postgres_server() as database:
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {NAME} LOGIN")
            connection.execute(f"CREATE DATABASE {NAME} OWNER {NAME}")
        running = Composed(tmp_path, database)
        try:
            yield running
        finally:
            for one in reversed(running.started.values()):
                if one.is_alive():
                    one.kill_all()


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="Redis is not installed")
def test_every_command_runs_and_every_health_check_agrees(composed: Composed) -> None:
    assert composed.is_healthy("postgres")
    assert not composed.is_healthy("redis", "-p", str(composed.redis))
    composed.start(
        "redis", "--port", str(composed.redis), "--bind", "127.0.0.1", "--dir", str(composed.folder)
    )
    wait_until(
        lambda: composed.is_healthy("redis", "-p", str(composed.redis)), seconds=30, what="Redis is healthy"
    )
    migrate = composed.start("migrate")
    wait_until(lambda: not migrate.is_alive(), seconds=120, what="the migrations are done")
    assert composed.says("migrate", "OK")
    assert not composed.is_healthy("web")
    for name in ("web", "beat", "worker", "background"):
        composed.start(name)
    wait_until(lambda: composed.is_healthy("web"), seconds=60, what="the web process is healthy", every=0.3)
    probe = Api(f"http://127.0.0.1:{composed.web}", token="none")
    wait_until(
        lambda: probe.get("/readyz").json()["checks"]["worker"]["ok"],
        seconds=120,
        what="a worker was heard from",
        every=0.3,
    )
    wait_until(
        lambda: composed.says("background", "ready"), seconds=120, what="the other is ready", every=0.3
    )
    checks = probe.get("/readyz").json()["checks"]
    assert {name for name, check in checks.items() if not check["ok"]} == {"models"}, checks
    with proxied(composed) as (plain, tls):
        the_proxy_lets_through_and_refuses(plain, tls)
    assert set(composed.services) - set(composed.started) - {"postgres"} == NOT_RUN
    assert all(one.is_alive() for name, one in composed.started.items() if name not in ("migrate", "proxy"))


@contextmanager
def proxied(composed: Composed) -> Iterator[tuple[str, str]]:
    """The addresses of the proxy, plain and with TLS."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        composed.services.pop("proxy")
        yield "", ""
        return
    plain, tls = free_port(), free_port()
    config = nginx_config(composed.folder, program, f"127.0.0.1:{composed.web}", plain, tls)
    composed.start("proxy", "-c", str(config))
    wait_until(
        lambda: answer(f"https://127.0.0.1:{tls}/healthz")[0] == 200, seconds=20, what="the proxy passes on"
    )
    yield f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{tls}"


def the_proxy_lets_through_and_refuses(plain: str, tls: str) -> None:
    if not plain:
        return
    assert answer(f"{plain}/")[0] == 308
    assert answer(f"{tls}/api/v1/auth/session/")[0] == 200
    for hidden in ("/metrics", "/readyz"):
        assert answer(tls + hidden)[0] == 404
    with ThreadPoolExecutor(SIGN_INS) as at_once:  # one by one, a slow machine gives the limit time to refill
        said = list(at_once.map(answer, [f"{tls}/api/v1/auth/login/"] * SIGN_INS, [b"{}"] * SIGN_INS))
    assert {status for status, _ in said} == {403, 429}
    for status, headers in said:
        if status == 429:
            assert headers["Content-Type"] == "application/problem+json"
            assert int(headers["Retry-After"]) > 0


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:
        return None


def answer(address: str, body: bytes | None = None) -> tuple[int, Mapping[str, str]]:
    """(status, headers); 0 when nobody answers. The certificate is of our own making."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting), NoRedirect()
    )
    request = urllib.request.Request(address, data=body, headers={"Host": "localhost"})  # noqa: S310
    try:
        with opener.open(request, timeout=20) as found:
            return found.status, found.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers
    except OSError:
        return 0, {}
