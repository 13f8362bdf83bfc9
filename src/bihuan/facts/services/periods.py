"""Periods come into the database as figures speak of them; each is stored once."""

from django.utils.translation import gettext as _

from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.exchange.span import Span, span
from bihuan.facts import reading
from bihuan.facts.models import (
    Period,
)


def period_of(one: Span) -> Period:
    made, _created = Period.objects.get_or_create(
        code=one.code,
        defaults={
            "label": shorten(one.label, 80),
            "kind": one.kind,
            "starts": reading.first_day(one),
            "ends": one.ends,
            "at": reading.moment(one),
            "assess_year": one.assess_year,
            "data_year": one.data_year,
        },
    )
    return made


def written(period: Period | str, field: str) -> Period:
    if isinstance(period, Period):
        return period
    found = span(period)
    if found is None:
        params = {"id": _("录入的数"), "field": field, "found": shorten(period, 40)}
        raise Refused(reading.sentence("period", params))
    return period_of(found)
