"""Appointments read back as a calendar program reads them (RFC 5545)."""

from datetime import UTC, date, datetime, timedelta, timezone

from bihuan.exchange.appointments import Appointment, calendar

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SHANGHAI = timezone(timedelta(hours=8))


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_moments_are_told_in_utc_and_a_day_ends_with_the_next():
    start = datetime(2026, 1, 26, 9, tzinfo=SHANGHAI)
    lines = unfolded(
        calendar(
            [
                Appointment("a@b", "会", start, start + timedelta(hours=3), "一楼", revision=2),
                Appointment("c@b", "截止", date(2026, 1, 31), date(2026, 1, 31)),
            ],
            at=AT,
        )
    )
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    for line in (
        "DTSTART:20260126T010000Z",
        "DTEND:20260126T040000Z",
        "SEQUENCE:2",
        "LOCATION:一楼",
        "DTSTART;VALUE=DATE:20260131",
        "DTEND;VALUE=DATE:20260201",
    ):
        assert line in lines
    assert lines.count("DTSTAMP:20260102T030405Z") == 2


def test_no_line_is_too_long_and_no_sign_is_cut():
    title = "述职评议会，" * 30 + "完;\\\nBEGIN:VEVENT"
    content = calendar([Appointment("a@b", title, AT, AT)], at=AT)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    for line in content.split(b"\r\n"):
        line.decode()  # each line is whole signs
    told = next(line for line in unfolded(content) if line.startswith("SUMMARY:"))
    assert told.endswith("完\\;\\\\\\nBEGIN:VEVENT")
    assert unfolded(content).count("BEGIN:VEVENT") == 1
