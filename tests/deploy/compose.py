"""docker-compose.yml and Dockerfile as a container engine reads them: what is run, in which environment."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
STAGE = re.compile(r"^FROM \S+ AS (\w+)$", re.MULTILINE)


@dataclass(frozen=True)
class Service:
    """What a container of it would run."""

    command: list[str]
    healthcheck: list[str]
    environment: dict[str, str]


def services(env: dict[str, str]) -> dict[str, Service]:
    """Every service by name; `env` is what .env says."""
    text = (REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8")
    described = _filled(yaml.safe_load(text)["services"], env)
    return {name: _service(one) for name, one in described.items()}


def example_env(**secrets: str) -> dict[str, str]:
    """.env.example, with its gaps filled."""
    lines = (REPOSITORY / ".env.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {**given, **secrets}


def _filled(part: Any, env: dict[str, str]) -> Any:
    """The same with every ${VARIABLE} replaced, after reading as the engine does it: text stays text."""
    if isinstance(part, dict):
        return {name: _filled(value, env) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, env) for value in part]
    return VARIABLE.sub(lambda found: _value(found, env), part) if isinstance(part, str) else part


def _value(found: re.Match[str], env: dict[str, str]) -> str:
    name, kind, word = found.groups()
    value = env.get(name, "")
    if kind == "?" and not value:
        raise KeyError(f"{name}: {word}")
    return value or (word if kind == "-" else "")


def _service(described: dict[str, Any]) -> Service:
    image = _image(described["build"]["target"]) if "build" in described else {"command": [], "health": []}
    health = described.get("healthcheck", {})
    test = [] if health.get("disable") else health.get("test", image["health"])
    environment = {name: str(value) for name, value in described.get("environment", {}).items()}
    return Service(described.get("command", image["command"]), _run(test), environment)


def _run(test: list[str]) -> list[str]:
    """A health check as a command: ["CMD", …], or ["CMD-SHELL", one line]."""
    if test[:1] == ["CMD-SHELL"]:
        return ["sh", "-c", test[1]]
    return test[1:] if test[:1] == ["CMD"] else test


def _image(target: str) -> dict[str, list[str]]:
    """CMD and HEALTHCHECK of a stage."""
    text = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
    _, *parts = STAGE.split(text)
    stage = dict(zip(parts[::2], parts[1::2], strict=True))[target]
    found: dict[str, list[str]] = {"command": [], "health": []}
    for line in stage.splitlines():
        before, _, command = line.partition("CMD ")
        if command.startswith("["):
            found["health" if before.startswith("HEALTHCHECK") else "command"] = json.loads(command)
    return found
