"""Doubts before they are stored: those our rules found, and those a file told of itself."""

from collections.abc import Iterable, Mapping

from bihuan.base.text import plain
from bihuan.exchange.page import Check
from bihuan.facts import queries, rules, versions
from bihuan.facts.models import Doubt, Observation
from bihuan.facts.world import Found

# A doubt and the figures it concerns, each with its part in it.
Plan = tuple[Doubt, list[tuple[str, int]]]


def plan(found: Found) -> Plan:
    """What a rule found, as a doubt."""
    doubt = Doubt(
        rule=found.rule,
        severity=rules.SENTENCES[found.rule].severity,
        params=dict(found.params),
        fingerprint=found.fingerprint,
    )
    return doubt, [(role, figure.pk) for role, figure in found.concerned]


def of_file(checks: Iterable[Check], by_id: Mapping[str, Observation]) -> list[Plan]:
    """Doubts that the makers of the file told themselves and that our rules did not find."""
    graded = [
        (
            one,
            rules.FILE_SEVERITIES[one.severity],
            frozenset(by_id[name].pk for name in one.facts if name in by_id),
        )
        for one in checks
        if one.severity in rules.FILE_SEVERITIES
    ]
    own = [
        (doubt.severity, frozenset(one.observation_id for one in doubt.concerns.all()))
        for doubt in queries.doubts_to_see().exclude(rule=rules.FROM_FILE)
    ]
    plans = [_of_check(one, by_id) for one in rules.not_reproduced(graded, own)]
    prints = [doubt.fingerprint for doubt, _about in plans]
    stored = Doubt.objects.filter(fingerprint__in=prints).values_list("fingerprint", flat=True)
    known = set(stored)
    return [pair for pair in plans if pair[0].fingerprint not in known]


def _of_check(one: Check, by_id: Mapping[str, Observation]) -> Plan:
    concerned = [by_id[name] for name in dict.fromkeys(one.facts) if name in by_id]
    severity = rules.FILE_SEVERITIES[one.severity]
    # The same check of the same figures is the same doubt, in whatever language it is told.
    keys = sorted(str(versions.key(figure)) for figure in concerned)
    about = (one.id, severity, *(keys or [plain(one.title + one.working)]))
    doubt = Doubt(
        rule=rules.FROM_FILE,
        severity=severity,
        params={"title": one.title, "working": one.working, "reading": one.reading},
        fingerprint=Found(rules.FROM_FILE, about, {}, ()).fingerprint,
    )
    return doubt, [("figure", figure.pk) for figure in concerned]
