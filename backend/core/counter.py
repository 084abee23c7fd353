"""Counting events within a time window, in the cache: whole numbers only, nothing is pickled."""

import hashlib
import logging

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def count_event(*parts: str, window_s: int) -> int:
    """This event's number within its window; 0 when the cache can't be reached (work goes on)."""
    key = _key(parts)
    try:
        cache.add(key, 0, window_s)
        return cache.incr(key)
    except ValueError:  # the window ended between the two calls
        return 1
    except RedisError as error:
        logger.warning("cache unreachable, an event was not counted (%s)", type(error).__name__)
        return 0


def forget_events(*parts: str) -> None:
    """Start this event's count anew."""
    try:
        cache.delete(_key(parts))
    except RedisError as error:
        logger.warning("cache unreachable, a count was not reset (%s)", type(error).__name__)


def _key(parts: tuple[str, ...]) -> str:
    """A digest: names and addresses are not readable in the cache."""
    return "count:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()
