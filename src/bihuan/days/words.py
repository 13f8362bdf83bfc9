"""How terms, spans and days are said in the reader's language: for the pages of every room."""

from collections.abc import Iterable

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.days import limits, rules
from bihuan.days.models import LegalLimit
from bihuan.days.rules import Counted, Day, Stretch


def term(number: int, unit: str) -> str:
    """20 个工作日, 6 个月."""
    words = {
        "working": ngettext("%(n)d 个工作日", "%(n)d 个工作日", number),
        "natural": ngettext("%(n)d 个自然日", "%(n)d 个自然日", number),
        "month": ngettext("%(n)d 个月", "%(n)d 个月", number),
        "year": ngettext("%(n)d 年", "%(n)d 年", number),
    }
    return words[unit] % {"n": number}


def told(counted: Counted) -> str:
    """怎样数出来的，一段话：自某日起几个工作日，跳过了什么，到哪天。"""
    sentences = [
        _("自 %(start)s 起 %(term)s，当日不计入，至 %(due)s。")
        % {
            "start": clock.in_words(counted.start),
            "term": term(counted.number, counted.unit),
            "due": clock.in_words(counted.due),
        }
    ]
    if counted.skipped:
        sentences.append(
            _("跳过 %(holidays)s。") % {"holidays": listed(map(span, counted.skipped))}
        )
    if counted.weekends and counted.unit == "working":
        sentences.append(
            ngettext(
                "另有 %(n)d 个周末休息日不计。", "另有 %(n)d 个周末休息日不计。", counted.weekends
            )
            % {"n": counted.weekends}
        )
    if counted.made_up and counted.unit == "working":
        days = listed(clock.in_words(d.day) for d in counted.made_up)
        sentences.append(_("%(days)s 调休上班，计入。") % {"days": days})
    if counted.rolled_from:
        sentences.append(
            _("末日 %(day)s 不上班，顺延到下一个工作日。")
            % {"day": clock.in_words(counted.rolled_from)}
        )
    if counted.provisional:
        sentences.append(_("其中有的日子还没有公布放假安排，到期日是暂定的，公布后会重算。"))
    # Chinese sentences follow one another without a space, English ones with one.
    return (" " if get_language() == "en" else "").join(sentences)


def span(stretch: Stretch) -> str:
    """春节 2022年1月31日—2022年2月6日."""
    return f"{_(stretch.name)} {dates(stretch)}"


def limit_term(limit: LegalLimit) -> str:
    """不超过 20 个工作日."""
    return f"{_(limits.BOUNDS[limit.bound])} {term(limit.number, limit.unit)}"


def dates(stretch: Stretch) -> str:
    """2022年1月31日—2022年2月6日."""
    if stretch.first == stretch.last:
        return clock.in_words(stretch.first)
    return f"{clock.in_words(stretch.first)}—{clock.in_words(stretch.last)}"


def why(day: Day) -> str:
    """What a day is, and for a make-up day the holiday it belongs to."""
    if day.why == rules.MADE_UP and day.name:
        return _("%(why)s（%(name)s）") % {"why": _(day.why), "name": _(day.name)}
    return _(day.why)


def listed(words: Iterable[str]) -> str:
    """甲、乙、丙."""
    return _("、").join(words)
