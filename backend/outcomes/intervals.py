"""A share with its 95 % interval, by Wilson's score: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927), 209-212."""

import math
from dataclasses import dataclass

Z95 = 1.959963984540054  # of the normal distribution, two-sided 95 %


@dataclass(frozen=True)
class Share:
    """`count` of `of`; value and interval are None where there is nothing to share."""

    count: int
    of: int
    value: float | None
    low: float | None
    high: float | None


def share(count: int, of: int) -> Share:
    """Wilson's interval stays within 0 and 1, and holds for few cases and for shares of 0 and 1."""
    if of == 0:
        return Share(count, of, None, None, None)
    value = count / of
    scale = 1 + Z95**2 / of
    middle = (value + Z95**2 / (2 * of)) / scale
    half = Z95 * math.sqrt(value * (1 - value) / of + Z95**2 / (4 * of**2)) / scale
    return Share(count, of, value, max(0.0, middle - half), min(1.0, middle + half))
