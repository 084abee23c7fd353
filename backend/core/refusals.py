"""How often the server said no, by code: counted in the cache, which web processes share in production."""

from django.core.cache import cache
from redis.exceptions import RedisError

COUNTED = frozenset({409, 413, 415, 422, 429, 503})
CODES = "refusals"


def refusal_count(status: int, code: str) -> None:
    """Count it when it is a refusal; a cache that can't be reached changes no answer."""
    if status not in COUNTED:
        return
    try:
        cache.add(_key(code), 0, None)
        cache.incr(_key(code))
        known = cache.get(CODES, [])
        if code not in known:  # two processes at once: the one that loses is noted at its next refusal
            cache.set(CODES, sorted([*known, code]), None)
    except (RedisError, ValueError):
        return


def refusal_counts() -> dict[str, int]:
    """Refusals by code since the cache was last emptied; none when it can't be reached."""
    try:
        return {code: cache.get(_key(code), 0) for code in cache.get(CODES, [])}
    except RedisError:
        return {}


def _key(code: str) -> str:
    return f"{CODES}:{code}"
