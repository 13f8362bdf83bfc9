"""Doubts: found by the rules, raised upstairs, settled by people; no figure is touched."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import override

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.facts import doubts, queries, rules, terms, words
from bihuan.facts.models import (
    Concern,
    Doubt,
)
from bihuan.facts.services.permission import require
from bihuan.facts.world import Found
from bihuan.people.models import Post


@transaction.atomic
def check() -> list[Doubt]:
    """核对：按全部规则看一遍现行的数，登记新的疑点，了结不再成立的；已提出的不动。"""
    with override("zh-hans"):
        return _check()


def _check() -> list[Doubt]:
    world = queries.world()
    found: dict[str, Found] = {}
    for one in rules.check(world):
        found.setdefault(one.fingerprint, one)
    known = {
        doubt.fingerprint: doubt
        for doubt in Doubt.objects.exclude(rule=rules.FROM_FILE).prefetch_related("concerns")
    }
    new = [one for print_, one in found.items() if print_ not in known]
    made = store(doubts.plan(one) for one in new)
    for print_, doubt in known.items():
        if print_ in found:
            _still_holds(doubt, found[print_])
        elif doubt.state == "open":
            _lapse(doubt)
    return made


def store(plans: Iterable[doubts.Plan]) -> list[Doubt]:
    """New doubts with their figures; the name is told from them, so it comes last."""
    pairs = list(plans)
    stored = Doubt.objects.bulk_create([doubt for doubt, _about in pairs])
    Concern.objects.bulk_create(
        [
            Concern(doubt=doubt, observation_id=pk, role=role)
            for doubt, (_same, about) in zip(stored, pairs, strict=True)
            for role, pk in dict.fromkeys(about)
        ],
        batch_size=2000,
    )
    made = []
    for pks in _batches([doubt.pk for doubt in stored]):
        told = list(queries.doubts_to_see().filter(pk__in=pks).order_by("pk"))
        for doubt in told:
            doubt.name = shorten(words.title(doubt), 300)
        Doubt.objects.bulk_update(told, ["name"])
        made += told
    for doubt in made:
        audit.record(None, "facts.doubt.find", doubt)
    return made


def _batches(pks: list[int], size: int = 500) -> Iterable[list[int]]:
    return (pks[i : i + size] for i in range(0, len(pks), size))


def _still_holds(doubt: Doubt, found: Found) -> None:
    """An open doubt follows its figures to their newest versions; what lapsed may come back."""
    if doubt.state == "settled" and doubt.settled_by_id is None:
        doubt.state, doubt.note, doubt.settled_at = "open", "", None
        doubt.save(update_fields=["state", "note", "settled_at"])
        audit.record(None, "facts.doubt.reopen", doubt)
    if doubt.state != "open":
        return
    now = {(role, figure.pk) for role, figure in found.concerned}
    then = {(one.role, one.observation_id) for one in doubt.concerns.all()}
    if now != then:
        doubt.concerns.all().delete()
        about = dict.fromkeys((role, figure.pk) for role, figure in found.concerned)
        Concern.objects.bulk_create(
            Concern(doubt=doubt, observation_id=pk, role=role) for role, pk in about
        )
    if doubt.params != dict(found.params) or now != then:
        told = queries.doubts_to_see().get(pk=doubt.pk)
        told.params = dict(found.params)
        told.name = shorten(words.title(told), 300)
        told.save(update_fields=["params", "name"])


def _lapse(doubt: Doubt) -> None:
    doubt.state, doubt.settled_at = "settled", clock.now()
    doubt.note = _("数已修订，这一疑点不再成立。")
    doubt.save(update_fields=["state", "settled_at", "note"])
    audit.record(None, "facts.doubt.lapse", doubt, note=doubt.note)


@transaction.atomic
def mark_raised(doubt: Doubt, *, by: Post | None, thing: Model, note: str = "") -> Doubt:
    """疑点已提出：记下它成了哪个问题；提出是台账的事，那里另问权限。"""
    doubt = _open_doubt(doubt)
    doubt.state = "raised"
    doubt.thing_type, doubt.thing_id = thing._meta.label_lower, str(thing.pk)
    doubt.thing_name = shorten(str(thing), 300)
    doubt.save(update_fields=["state", "thing_type", "thing_id", "thing_name"])
    changes = {"thing": (None, doubt.thing_name)}
    audit.record(by, "facts.doubt.raise", doubt, changes=changes, note=note)
    return doubt


@transaction.atomic
def settle(doubt: Doubt, *, by: Post | None, note: str) -> Doubt:
    """了结疑点：写明查到了什么；数照旧保留。"""
    require(by, "facts.record")
    doubt = _open_doubt(doubt)
    if not note.strip():
        raise Refused(_("请写明查到了什么，再了结。"))
    doubt.state, doubt.note = "settled", note.strip()
    doubt.settled_by, doubt.settled_at = by, clock.now()
    doubt.save(update_fields=["state", "note", "settled_by", "settled_at"])
    audit.record(by, "facts.doubt.settle", doubt, note=doubt.note)
    return doubt


def _open_doubt(doubt: Doubt) -> Doubt:
    doubt = Doubt.objects.select_for_update().get(pk=doubt.pk)
    if doubt.state != "open":
        raise Refused(
            _("这个疑点的状态是“%(state)s”，不能再办。请刷新页面查看。")
            % {"state": _(terms.DOUBT_STATES[doubt.state])}
        )
    return doubt
