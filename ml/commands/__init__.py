"""Commands of `python -m ml`: every module in this folder is one.

A command module has `HELP: str`, `add_arguments(parser)` and `run(args) -> int` (the exit code), and imports
torch inside `run` only, so that `--help` answers at once. `CommandError` ends a command with one sentence.
"""

import importlib
import pkgutil
from argparse import ArgumentParser, Namespace
from typing import Protocol, cast

# As a researcher meets them; a module that is not named here comes last.
ORDER = (
    "demo", "predict", "explain",
    "datasets", "pretrain", "finetune", "evaluate", "reproduce", "cohort", "export",
    "fast", "coverage", "slot", "ultrasound", "overlays", "audit",
)  # fmt: skip


class CommandError(Exception):
    """What was wrong with the input and what to do, in a sentence that a researcher understands."""


class Command(Protocol):
    """What a module in this folder offers."""

    HELP: str

    def add_arguments(self, parser: ArgumentParser) -> None: ...
    def run(self, args: Namespace) -> int: ...


def find_commands() -> dict[str, Command]:
    """Command name → module, in reading order; `my_command.py` is called `my-command`."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]
    names.sort(key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    return {
        name.replace("_", "-"): cast(Command, importlib.import_module(f"{__name__}.{name}")) for name in names
    }
