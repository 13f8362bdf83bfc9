"""Figures and doubts in words, in the reader's language: value with unit, change, sentences."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.text import shorten, zh
from bihuan.facts import rules, terms, world
from bihuan.facts.models import Concern, Doubt, Observation, Period
from bihuan.ui.table import Tone

_SHOWN_IN_LIST = 8
# Years are counted, not grouped in threes.
_UNGROUPED = frozenset(word for word, m in terms.MEASURES.items() if m.dimension == "year")
_TIGHT = frozenset({"%", "‰"})


_DATED = {"date": zh("日期"), "time": zh("时间")}


def measure(word: str) -> str:
    """A unit of measure in the reader's language, where we know it."""
    if word in _DATED:
        return _(_DATED[word])
    return _(word) if word in terms.MEASURES else word


def currency(code: str) -> str:
    """A currency by its name: 人民币."""
    return _(terms.CURRENCIES[code]) if code in terms.CURRENCIES else code


def meaning(kind: str, told: str, currency: str = "", factor: Decimal = Decimal(1)) -> str:
    """What a term means: 金额（人民币），1,000 个基本单位; 产值; the wording it stands for."""
    match kind:
        case "unit":
            said = _(terms.DIMENSIONS[told]) if told in terms.DIMENSIONS else told
            if currency in terms.CURRENCIES:
                named = {"what": said, "currency": _(terms.CURRENCIES[currency])}
                said = _("%(what)s（%(currency)s）") % named
            if factor != 1:
                size = f"{factor.normalize():,f}"
                said = _("%(what)s，等于 %(size)s 个基本单位") % {"what": said, "size": size}
            return said
        case "measure":
            return _(terms.FAMILIES[told]) if told in terms.FAMILIES else told
    return told


def _with_measure(number: str, word: str) -> str:
    return f"{number}{word}" if word in _TIGHT else f"{number} {measure(word)}".strip()


def number(value: Decimal, places: int, *, sign: bool = False) -> str:
    """A number as printed: its own decimal places, groups of three."""
    return world.digits(value, places, sign=sign)


def value(observation: Observation) -> str:
    """1,202 亿元; 5,000 余把; 2022年1月24日 12:00（上午12时）; 同比均明显下降."""
    if observation.value is None:
        return _of_time(observation) or observation.text
    if observation.measure in _UNGROUPED:
        figure = f"{observation.value:.{observation.places}f}"
    else:
        figure = number(observation.value, observation.places)
    if observation.lower_bound:
        return _("%(value)s以上") % {"value": _with_measure(figure, observation.measure)}
    if observation.approximate:
        return _("约 %(value)s") % {"value": _with_measure(figure, observation.measure)}
    return _with_measure(figure, observation.measure)


def _of_time(observation: Observation) -> str:
    """A day or an hour with the words of the source; empty for anything else."""
    words = {"words": observation.text}
    if observation.as_of is not None:
        at = timezone.localtime(observation.as_of)
        words |= {"day": clock.in_words(at.date()), "hour": f"{at:%H:%M}"}
        return _("%(day)s %(hour)s（原文“%(words)s”）") % words
    if observation.measure == "date":
        day = clock.in_words(observation.period.starts)
        return _("%(day)s（原文“%(words)s”）") % (words | {"day": day})
    return ""


def change(observation: Observation) -> str:
    """+13.5%; +0.2 个百分点; 上升 4 位; or the words of a change without a number."""
    moved = observation.change
    if moved is None:
        return observation.change_text
    size = number(abs(moved), observation.change_places)
    if observation.change_kind == "rank_change":
        if moved == 0:
            return _("位次不变")
        # A smaller number is a better place.
        return (_("上升 %(n)s 位") if moved < 0 else _("下降 %(n)s 位")) % {"n": size}
    signed = number(moved, observation.change_places, sign=True)
    if observation.change_kind == "pp_change":
        return _("%(n)s 个百分点") % {"n": signed}
    return f"{signed}%"


def change_tone(observation: Observation) -> Tone:
    """Good, bad or neither, by the indicator's direction; the words say which way it went."""
    direction = observation.indicator.direction
    if observation.change is not None:
        up = observation.change > 0
        still = observation.change == 0
    else:
        up = observation.change_kind == "qualitative_up"
        still = not observation.change_kind
    if still or direction == "none":
        return "plain"
    return "good" if up == (direction == "higher") else "bad"


def period(when: Period) -> str:
    """2020年; 2020年末; 2021年考核（2020年数据）; 自2022年1月21日降雪以来."""
    year = when.starts.year
    if when.assess_year is not None and when.data_year is not None:
        years = {"assess": when.assess_year, "data": when.data_year}
        return _("%(assess)d年考核（%(data)d年数据）") % years
    match when.kind:
        case "year":
            return _("%(year)d年") % {"year": year}
        case "quarter":
            return _("%(year)d年第%(n)d季度") % {"year": year, "n": when.starts.month // 3 + 1}
        case "month":
            return _("%(year)d年%(month)d月") % {"year": year, "month": when.starts.month}
        case "event":
            what = when.code.removesuffix(f"-{when.starts:%Y-%m-%d}")
            name = _(terms.EVENTS[what]) if what in terms.EVENTS else what
            return _("自%(day)s%(what)s以来") % {"day": clock.in_words(when.starts), "what": name}
        case "moment" if when.at is not None:
            return f"{clock.in_words(when.starts)} {timezone.localtime(when.at):%H:%M}"
        case "moment" if (when.starts.month, when.starts.day) == (12, 31):
            return _("%(year)d年末") % {"year": year}
        case _:
            return clock.in_words(when.starts)


def short_period(when: Period) -> str:
    """A period as a chart's category: 2021年考核, 2020年."""
    if when.assess_year is not None:
        return _("%(year)d年考核") % {"year": when.assess_year}
    return period(when)


def source(observation: Observation) -> str:
    """Where the figure was found, and whether somebody still has to look it up."""
    parts = [observation.source, _("待核实") if observation.to_verify else ""]
    return _("；").join(part for part in parts if part)


# Doubts -----------------------------------------------------------------------------------------


def title(doubt: Doubt) -> str:
    """What does not fit, in one line."""
    if doubt.rule == rules.FROM_FILE:
        return str(doubt.params.get("title", ""))
    return _(rules.SENTENCES[doubt.rule].title) % _context(doubt)


def working(doubt: Doubt) -> str:
    """How it was worked out, with the numbers."""
    if doubt.rule == rules.FROM_FILE:
        return str(doubt.params.get("working", ""))
    text = _(rules.SENTENCES[doubt.rule].working) % _context(doubt)
    unsure = [_name(c.observation) for c in _concerns(doubt) if c.observation.to_verify]
    if unsure:
        text += _("其中“%(names)s”的来源待核实。") % {"names": _("、").join(dict.fromkeys(unsure))}
    return text


def reading(doubt: Doubt) -> str:
    """What to make of it."""
    if doubt.rule == rules.FROM_FILE:
        return str(doubt.params.get("reading", ""))
    return _(rules.SENTENCES[doubt.rule].reading)


def _concerns(doubt: Doubt) -> list[Concern]:
    return list(doubt.concerns.all())


def _name(observation: Observation) -> str:
    return _("%(unit)s%(indicator)s（%(period)s）") % {
        "unit": observation.unit.label(),
        "indicator": observation.indicator.label(),
        "period": period(observation.period),
    }


def _context(doubt: Doubt) -> dict[str, str]:
    """The placeholders: the rule's numbers, and each figure's names by its part in the doubt."""
    roles = world.grouped(_concerns(doubt), lambda concern: concern.role)
    context: dict[str, str] = {}
    for role, concerns in roles.items():
        observations = [concern.observation for concern in concerns]
        first = observations[0]
        context |= {
            role: listed(f"{o.indicator.label()} {value(o)}" for o in observations),
            f"{role}_indicator": first.indicator.label(),
            f"{role}_unit": first.unit.label(),
            f"{role}_period": period(first.period),
            f"{role}_value": value(first),
            "names": listed(o.indicator.label() for o in observations),
        }
    params = {name: str(number) for name, number in doubt.params.items()}
    if "currencies" in params:
        params["currencies"] = _("、").join(map(currency, params["currencies"].split("、")))
    if "measure" in params:
        params["measure"] = measure(params["measure"])
    return context | params


def listed(words: Iterable[str]) -> str:
    """A list in a sentence; a long one is cut with its length told."""
    unique = list(dict.fromkeys(words))
    shown = _("、").join(shorten(word, 60) for word in unique[:_SHOWN_IN_LIST])
    if len(unique) <= _SHOWN_IN_LIST:
        return shown
    return _("%(shown)s等 %(n)d 项") % {"shown": shown, "n": len(unique)}
