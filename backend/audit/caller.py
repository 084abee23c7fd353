"""Who is behind the code that runs now: set once a request, so that no service has to be handed it."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from backend.audit.choices import ActorKind


@dataclass(frozen=True)
class Caller:
    """An account, a browser session without one, or (outside of requests) the server itself."""

    kind: ActorKind = ActorKind.SERVER
    id: uuid.UUID | None = None
    name: str = ""
    address: str = ""


_ask: ContextVar[Callable[[], Caller]] = ContextVar("audit_caller", default=Caller)


@contextmanager
def caller_known_by(ask: Callable[[], Caller]) -> Iterator[None]:
    """Inside the block `ask` says who calls; asked late, because authentication comes late."""
    token = _ask.set(ask)
    try:
        yield
    finally:
        _ask.reset(token)


def current_caller() -> Caller:
    """Who calls now."""
    return _ask.get()()
