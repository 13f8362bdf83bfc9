"""A round of the national assessment as news: the rank, and the year's public figures.

The figures are those of `facts`: the text points at them, no score of a run is told.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from bihuan.assessment.models import Round
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import zh
from bihuan.facts import queries as facts
from bihuan.facts import words as figures
from bihuan.facts.models import Observation
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.press.queries import Offer, Thing, Told, public
from bihuan.site.things import words

_MOST = 12


def _ranks() -> dict[int | None, Observation]:
    """The zone's published rank of each year of assessment, the newest where there are several."""
    return {one.period.assess_year: one for one in public.ranks()}


def _rounds(by: Post) -> Iterable[Offer]:
    if not people.may(by, "assessment.view"):
        return ()
    rows, ranks = Round.objects.select_related("scheme").order_by("-assess_year", "-pk"), _ranks()
    return [Offer(str(one.pk), str(one), clock.today()) for one in rows if one.assess_year in ranks]


def _round(key: str, by: Post | None) -> Told:
    rows = Round.objects.select_related("scheme")
    one = rows.filter(pk=words.number(key)).first()
    if one is None or (by is not None and not people.may(by, "assessment.view")):
        raise words.missing()
    rank = _ranks().get(one.assess_year)
    if rank is None or rank.value is None:
        raise Refused(_("这一轮还没有公布位次，不能写成稿件。"))
    place = f"位列第{rank.value:.0f}位"
    if rank.change is not None:
        moved = "跃升" if rank.change < 0 else "变为"
        place = f"由第{rank.value - rank.change:.0f}位{moved}至{rank.value:.0f}位"
    body = words.paragraphs((
        f"近日，{one.assess_year}年国家级经济技术开发区综合发展水平考核评价结果公布，"
        f"{words.zone()}排名{place}。",
        *(_sentence(each) for each in _of_year(one.data_year)),
    ))  # fmt: skip
    title = f"{one.assess_year}年国家级经济技术开发区考核出炉"
    under = f"{words.zone()}位列{rank.value:.0f}位"
    return Told(title, body, clock.today(), str(one), under, one.sample)


def _of_year(year: int) -> list[Observation]:
    zone = people.zone()
    if zone is None:
        return []
    rows = facts.current(zone).filter(indicator__verb="", value__isnull=False)
    rows = rows.exclude(kind="rank").exclude(indicator__code__startswith="project-year")
    rows = rows.filter(period__starts__year=year, period__assess_year__isnull=True)
    rows = rows.select_related("indicator", "unit", "period", "base_period")
    return list(rows.order_by("indicator__number", "pk")[:_MOST])


def _sentence(one: Observation) -> str:
    """2020年，进出口总额（不含富士康结转）220亿元，同比增长91%。"""
    when = figures.period(one.period)
    when = f"截至{when}" if one.kind == "stock" else when
    scope = f"（{one.scope}）" if one.scope else ""
    bound = "以上" if one.lower_bound else ""
    per, _slash, base = one.measure.partition("/")
    unit = per if base else one.measure
    told = f"{one.value:.{one.places}f}{unit}{bound}"
    return f"{when}，{one.indicator.name}{scope}{told}{_moved(one)}。"


def _moved(one: Observation) -> str:
    if one.change is None:
        return ""
    size = f"{abs(one.change):.{one.change_places}f}"
    if one.change_kind == "pp_change":
        return f"，比上年{'提高' if one.change > 0 else '下降'}{size}个百分点"
    return f"，同比{'增长' if one.change > 0 else '下降'}{size}%"


THINGS = {"assessment.round": Thing(zh("国家级经开区考核"), _rounds, _round, lambda _key: ())}
