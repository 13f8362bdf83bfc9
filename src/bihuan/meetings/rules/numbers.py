"""Numbers as typed and as printed: exact in between."""

import re
from fractions import Fraction
from typing import Any

# No exponents: "1e999999999" would be a number of a thousand million digits.
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9}|/\d{1,9})?", re.ASCII)


def fraction(text: Any) -> Fraction | None:
    """A number as typed ("0.4", "40", "2/3") without rounding; None where it is no number.

    >>> fraction("0.1") + fraction("0.2") == fraction("0.3")
    True
    """
    written = str(text).strip()
    if not _NUMBER.fullmatch(written):
        return None
    try:
        return Fraction(written)
    except ZeroDivisionError:
        return None


def points(value: Fraction | None, places: int = 2) -> str:
    """A score for reading, rounded half up as on paper; empty for none.

    >>> points(Fraction(245, 3)), points(Fraction(885, 10), 0)
    ('81.67', '89')
    """
    if value is None:
        return ""
    scale = 10**places
    whole = (abs(value) * scale * 2 + 1) // 2
    sign = "-" if value < 0 and whole else ""
    if not places:
        return f"{sign}{whole}"
    return f"{sign}{whole // scale}.{whole % scale:0{places}d}"


def middle(low: Fraction | None, high: Fraction | None) -> Fraction | None:
    """The one number to reckon with where limits are told: exact where they meet; None for none."""
    return None if low is None or high is None else (low + high) / 2
