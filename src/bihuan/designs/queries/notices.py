"""Questions about public notices: which are open, how many opinions came, from how many places."""

from datetime import date

from django.db.models import QuerySet

from bihuan.base import clock
from bihuan.days import queries as days
from bihuan.designs import rules
from bihuan.designs.models import Notice, Opinion


def shown() -> QuerySet[Notice]:
    """公开可见：没有撤下、已到公示日的，过了期的也留着可查。"""
    found = Notice.objects.filter(withdrawn="", first__lte=clock.today())
    return found.select_related("scheme__project", "version")


def is_open(notice: Notice, today: date | None = None) -> bool:
    """Does it take opinions today?"""
    day = today or clock.today()
    return not notice.withdrawn and notice.first <= day <= notice.last


def shortest() -> int:
    """How many days a notice must last at least, by the office's table of legal limits."""
    return days.limit(rules.NOTICE_LIMIT).number


def received(notice: Notice) -> list[Opinion]:
    """What residents wrote."""
    found = notice.opinions.select_related("aspect", "version")
    return list(found.prefetch_related("replies"))
