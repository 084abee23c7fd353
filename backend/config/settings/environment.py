"""How settings are read from the environment: defaults that work, and what production insists on."""

import os
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

REPOSITORY = Path(__file__).resolve().parents[3]
EMBEDDED = "embedded"
PRODUCTION = "production"
MIN_SECRET_LENGTH = 32
REQUIRED_IN_PRODUCTION = ("SECRET_KEY", "DATABASE_URL", "BROKER_URL", "ALLOWED_HOSTS")

env = environ.FileAwareEnv()  # NAME_FILE=/run/secrets/name works for every NAME


def read_mode() -> str:
    """`embedded` or `production`; anything else stops the start."""
    mode = env.str("MODE", default=EMBEDDED)
    if mode not in (EMBEDDED, PRODUCTION):
        raise ImproperlyConfigured(f"MODE must be '{EMBEDDED}' or '{PRODUCTION}', not '{mode}'.")
    return mode


def read_choice(name: str, choices: tuple[str, ...]) -> str:
    """One of `choices`, the first by default; anything else stops the start."""
    value: str = env.str(name, default=choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not '{value}'.")
    return value


def is_given(name: str) -> bool:
    """True when the variable, or the file that NAME_FILE points to, has something in it."""
    return bool(env.str(name, default="").strip())


def refuse_incomplete_production(mode: str) -> None:
    """Production does not start on guesses: one sentence names everything that is missing."""
    if mode != PRODUCTION:
        return
    missing = [name for name in REQUIRED_IN_PRODUCTION if not is_given(name)]
    if missing:
        raise ImproperlyConfigured(
            f"MODE=production needs {', '.join(missing)}: set each as an environment variable, "
            "or NAME_FILE to the path of a file that holds it."
        )
    if len(env.str("SECRET_KEY")) < MIN_SECRET_LENGTH:
        raise ImproperlyConfigured(
            f"SECRET_KEY must have at least {MIN_SECRET_LENGTH} characters in production "
            "(python -c 'import secrets; print(secrets.token_urlsafe(50))' prints a good one)."
        )


def read_secret_key(data_dir: Path) -> str:
    """The key from the environment, or one made once and kept in DATA_DIR/secret_key (0600)."""
    if is_given("SECRET_KEY"):
        return str(env.str("SECRET_KEY"))
    path = data_dir / "secret_key"
    if not path.exists():
        _write_secret_once(path)
    return path.read_text().strip()


def _write_secret_once(path: Path) -> None:
    """Several processes may start together: the first one's key wins, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
