"""Contenders timed alternately in one run, so that a busy neighbour slows all of them alike."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

from tqdm import tqdm


def time_alternately(contenders: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each contender a round; each round starts with another one, the first is not counted."""
    names = list(contenders)
    spent: dict[str, list[float]] = {name: [] for name in names}
    for turn in tqdm(range(rounds + 1), desc="rounds", unit="round"):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            start = perf_counter()
            contenders[name]()
            if turn:
                spent[name].append(perf_counter() - start)
    return spent


def summary(seconds: list[float]) -> dict[str, float]:
    """Median, least and greatest of the rounds, in seconds."""
    return {
        "median_s": round(median(seconds), 5),
        "least_s": round(min(seconds), 5),
        "greatest_s": round(max(seconds), 5),
    }
