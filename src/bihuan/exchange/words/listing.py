"""Numbered lists within one cell (1. … 2. …；①…②…；一是…二是…), split and joined again."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

_NUMERALS = "一二三四五六七八九十"


def _chinese(number: int) -> str:
    """1 to 99 as 一, 十, 二十一."""
    if number <= 10:
        return _NUMERALS[number - 1]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _NUMERALS[tens - 1]) + "十" + (_NUMERALS[ones - 1] if ones else "")


def _circled(number: int) -> str:
    return chr(0x245F + number) if number <= 20 else ""


# Each style: the marker to search for, and the marker as we write it; "" where it has run out.
_STYLES: tuple[tuple[Callable[[int], str], Callable[[int], str]], ...] = (
    (lambda n: rf"{n}[.\uff0e、](?!\d)", lambda n: f"{n}. "),
    (lambda n: rf"[(（]{n}[)）]", lambda n: f"（{n}）"),
    (_circled, _circled),
    (lambda n: rf"{_chinese(n)}[、.\uff0e]", lambda n: f"{_chinese(n)}、"),
    (lambda n: rf"[(（]{_chinese(n)}[)）]", lambda n: f"（{_chinese(n)}）"),
    (lambda n: rf"{_chinese(n)}是", lambda n: f"{_chinese(n)}是"),
    (lambda n: rf"{n}[)）]", lambda n: f"{n}）"),
    (lambda n: rf"第{_chinese(n)}[、，,]", lambda n: f"第{_chinese(n)}、"),
)
_MOST = 99
# A further marker stands at the beginning of a line, after a stop or after a space.
_BOUNDARY = r"(?:(?<=[\n；;。，,!！ \u3000\t])|(?<=[^\d]\.))"
# The first markers of all styles in one search; the number of the group is the style.
_FIRST = re.compile("|".join(f"({marker(1)})" for marker, _written in _STYLES))


@lru_cache(maxsize=len(_STYLES) * _MOST)
def _further(style: int, number: int) -> re.Pattern[str] | None:
    marker = _STYLES[style][0](number)
    return re.compile(_BOUNDARY + marker) if marker else None


def clean(text: str) -> str:
    """One kind of line break, no control characters, nothing around it.

    >>> clean(" 甲\\r\\n乙 ")
    '甲\\n乙'
    """
    if text.isprintable():  # nothing to fold; no line break either
        return text.strip()
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


# What clerks write into a cell to show that they did not forget it.
_NOTHING = re.compile(r"[/\\—–\-_.。·、\s]*|无|暂无|没有|n/?a", re.IGNORECASE)


def said(text: str) -> str:
    """The text cleaned, or "" where it only says that there is nothing (/, ——, 无).

    >>> said(" —— "), said("无"), said("无证经营")
    ('', '', '无证经营')
    """
    text = clean(text)
    return "" if len(text) < _SHORT and _NOTHING.fullmatch(text) else text


_SHORT = 8
# What XML cannot hold or a reader cannot see: control characters, halves of pairs.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def split_items(text: str) -> tuple[str, ...]:
    """The items of a numbered list; a text that is no list is one item.

    >>> split_items("1.加强学习；2.完善制度。")
    ('加强学习；', '完善制度。')
    """
    text = clean(text)
    if not text:
        return ()
    first = _FIRST.match(text)
    if first is None or first.lastindex is None:
        return (text,)
    return _split(text, first.lastindex - 1, first.end()) or (text,)


def join_items(items: Iterable[str]) -> str:
    """The items as one text that `split_items` splits into the same items again."""
    wanted = tuple(filter(None, map(clean, items)))
    if len(wanted) == 1 and split_items(wanted[0]) == wanted:
        return wanted[0]
    for _marker, written in _STYLES:
        if not written(len(wanted)):
            continue
        text = "\n".join(written(n) + item for n, item in enumerate(wanted, start=1))
        if split_items(text) == wanted:
            return text
    return "\n".join(f"{n}. {item}" for n, item in enumerate(wanted, start=1))


def _split(text: str, style: int, at: int) -> tuple[str, ...]:
    """The items after the first marker, which ends at `at`."""
    starts, ends = [0], [at]
    for number in range(2, _MOST + 1):
        marker = _further(style, number)
        following = marker.search(text, ends[-1]) if marker else None
        if following is None:
            break
        starts.append(following.start())
        ends.append(following.end())
    pieces = [
        text[end:start].strip() for end, start in zip(ends, [*starts[1:], len(text)], strict=True)
    ]
    return tuple(piece for piece in pieces if piece)
