"""Appointments as an iCalendar file (RFC 5545), which every calendar program takes in.

Moments are written in UTC, days as days. The same `uid` with a higher `revision` replaces what a
calendar already holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_WIDTH = 75  # octets in a line, RFC 5545 section 3.1


@dataclass(frozen=True)
class Appointment:
    """一个日程：`start`、`end` 同为时刻（带时区）或同为日期；日期的 `end` 是最后一天。"""

    uid: str
    title: str
    start: datetime | date
    end: datetime | date
    place: str = ""
    note: str = ""
    revision: int = 0


def calendar(appointments: Sequence[Appointment], *, at: datetime) -> bytes:
    """The file, UTF-8 with CRLF; `at` is when it was made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Bihuan//Meetings//ZH", "METHOD:PUBLISH"]
    for one in appointments:
        lines += _event(one, at)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event(one: Appointment, at: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_text(one.uid)}",
        f"DTSTAMP:{_moment(at)}",
        f"SEQUENCE:{one.revision}",
        f"SUMMARY:{_text(one.title)}",
    ]
    if isinstance(one.start, datetime) and isinstance(one.end, datetime):
        lines += [f"DTSTART:{_moment(one.start)}", f"DTEND:{_moment(one.end)}"]
    else:  # the end of a day is told by the day after it
        last = one.end + timedelta(days=1)
        lines += [f"DTSTART;VALUE=DATE:{one.start:%Y%m%d}", f"DTEND;VALUE=DATE:{last:%Y%m%d}"]
    lines += [f"LOCATION:{_text(one.place)}"] if one.place else []
    lines += [f"DESCRIPTION:{_text(one.note)}"] if one.note else []
    return [*lines, "END:VEVENT"]


def _moment(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A text value with its special signs told as such; line ends of any kind become one.

    >>> _text("甲;乙,丙\\n丁")
    '甲\\\\;乙\\\\,丙\\\\n丁'
    """
    lines = "\\n".join(value.replace("\\", "\\\\").splitlines())
    return lines.replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """A long line goes on in the next behind a space; no sign is cut in two."""
    out, width = [], 0
    for sign in line:
        size = len(sign.encode())
        if width + size > _WIDTH:
            out.append("\r\n ")
            width = 1
        out.append(sign)
        width += size
    return "".join(out)
