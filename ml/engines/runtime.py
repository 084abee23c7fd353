"""The one door to OpenVINO and NNCF. Both report their use to Google Analytics unless kept from it."""

from __future__ import annotations

import importlib
import logging
import sys
from functools import cache
from types import ModuleType
from typing import Any

_TELEMETRY = "openvino_telemetry"


class EngineUnavailable(Exception):  # noqa: N818
    """Why this engine can't be used here, in one sentence."""


def openvino() -> ModuleType:
    """The `openvino` package without telemetry, or EngineUnavailable."""
    return _quiet_import("openvino")


def nncf() -> ModuleType:
    """The `nncf` package without telemetry and progress bars, or EngineUnavailable."""
    module = _quiet_import("nncf")
    logging.getLogger("nncf").setLevel(logging.ERROR)  # its own call also changes others' handlers
    return module


@cache
def core() -> Any:
    """OpenVINO's own state of this process. Not before a fork: its threads would not survive it."""
    return openvino().Core()


def _quiet_import(name: str) -> ModuleType:
    """Import with the telemetry package shut out: both fall back to stubs that send nothing."""
    if sys.modules.get(_TELEMETRY) is not None:
        raise EngineUnavailable(f"{_TELEMETRY} was imported before: {name} would send telemetry.")
    sys.modules[_TELEMETRY] = None  # type: ignore[assignment]  # the import system's way to say "not here"
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise EngineUnavailable(f"The package {name} can't be used: {error}.") from error
