"""Verbs on releases: written, passed along the chain, reviewed, published, corrected by a newer."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import NotFound, Refused
from bihuan.base.text import tidy
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.press import queries, rules
from bihuan.press.models import Figure, Release, ReleaseStep

FIELDS = (
    "headline", "subheadline", "dateline", "body", "byline", "event_on", "opinions_until",
)  # fmt: skip


@transaction.atomic
def write(
    *,
    by: Post | None,
    headline: str,
    body: str,
    event_on: date,
    subheadline: str = "",
    dateline: str = "本报讯",
    byline: str = "",
    unit: Unit | None = None,
    opinions_until: date | None = None,
    about: tuple[str, str, str] = ("", "", ""),
    corrects: Release | None = None,
    correction: str = "",
    sample: bool = False,
) -> Release:
    """起草发布稿：说的是哪件事、哪天的；`about` 是名词、编号和名称；`corrects` 是被更正的一篇。"""
    unit = unit or (by.unit if by is not None else None)
    if unit is None:
        raise Refused(_("请写明起草单位。"))
    if by is not None:
        people.require(by, "press.write", at=unit)
    told = _typed(headline, body, event_on, opinions_until)
    kind, key, name = about
    if what := rules.forbidden(kind):
        told.append(_("%(what)s不得公开，不能由它起草。") % {"what": _(what)})
    if corrects is not None and corrects.state != "published":
        told.append(_("只有已发布的稿件能更正。"))
    if corrects is not None and not correction.strip():
        told.append(_("请写明更正了什么，读者会看到。"))
    if told:
        raise Refused.all(told)
    release = Release.objects.create(
        headline=tidy(headline), subheadline=tidy(subheadline), dateline=tidy(dateline),
        body=tidy(body), byline=tidy(byline), event_on=event_on, unit=unit, thing_type=kind,
        thing_id=key, thing_name=name, opinions_until=opinions_until, corrects=corrects,
        correction=tidy(correction), by=by, sample=sample,
    )  # fmt: skip
    _point(release)
    _step(release, "write", by)
    audit.record(by, "press.release.write", release)
    return release


def preview_from(kind: str, key: str, *, by: Post) -> queries.Told:
    """What `draft_from` would write; nothing is stored."""
    people.require(by, "press.write", at=by.unit)
    thing = queries.thing(kind)
    if thing is None:
        raise NotFound(_("没有这类可以写成稿件的事。"))
    with override("zh-hans"):  # releases are Chinese texts, whoever drafts them
        return thing.tell(key, by)


@transaction.atomic
def draft_from(kind: str, key: str, *, by: Post) -> Release:
    """由记录起草：标题、正文、日期都由那件事填写，起草人再改；数照记录里的写。"""
    told = preview_from(kind, key, by=by)
    return write(
        by=by, headline=told.headline, subheadline=told.subheadline, body=told.body,
        event_on=min(told.event_on, clock.today()), about=(kind, key, told.name),
        sample=told.sample,
    )  # fmt: skip


def _typed(
    headline: str, body: str, event_on: date, opinions_until: date | None = None
) -> list[str]:
    told = []
    if not headline.strip():
        told.append(_("请写标题。"))
    if not body.strip():
        told.append(_("请写正文。"))
    if event_on > clock.today():
        told.append(_("事情发生的日期不得晚于今天。"))
    if opinions_until is not None and opinions_until < clock.today():
        told.append(_("征求意见的截止日期不得早于今天。"))
    return told


@transaction.atomic
def edit(release: Release, *, by: Post | None, **fields: Any) -> Release:
    """改稿：哪一步的人都可改自己手里的；每存一次，文中的数重新比对。"""
    release = _held(release)
    _require_hand(release, by)
    told = {name: fields[name] for name in FIELDS if name in fields}
    faults = _typed(told.get("headline", release.headline), told.get("body", release.body),
                    told.get("event_on", release.event_on),
                    told.get("opinions_until"))  # fmt: skip
    if faults:
        raise Refused.all(faults)
    changes: dict[str, tuple[Any, Any]] = {}
    for name, value in told.items():
        new = tidy(value) if isinstance(value, str) else value
        if new != getattr(release, name):
            changes[name] = (str(getattr(release, name)), str(new))
            setattr(release, name, new)
    if changes:
        release.reviewed = False  # what was reviewed is no longer what stands there
        release.save(update_fields=[*changes, "reviewed"])
        _point(release)
        _step(release, "edit", by)
        audit.record(by, "press.release.edit", release, changes=changes)
    return release


def _point(release: Release) -> None:
    """Each figure of the text points at the stored value it agrees with."""
    found, about = queries.release_checked(release)
    wrong = {one.at for one in found.found if one.severity == "wrong"}
    release.figures.all().delete()
    Figure.objects.bulk_create(
        _figure(release, at, pk, about)
        for at, pk in sorted(found.pointed.items())
        if at not in wrong
    )


def _figure(release: Release, at: int, pk: int, about: Mapping[int, rules.Known]) -> Figure:
    one = about.get(pk)
    if one is None:
        return Figure(release=release, at=at, observation_id=pk)
    value = f"{one.value:,.{one.places}f} {one.measure}" if one.value is not None else ""
    return Figure(
        release=release, at=at, code=one.code, name=one.name, value=value, scope=one.scope,
        period=one.period,
    )  # fmt: skip


def obstacles(release: Release, checked: rules.Checked | None = None) -> list[str]:
    """Every reason why a text cannot be passed on as it stands: differences, private data.

    `checked` is what a check of this very text has found, where somebody has asked already.
    """
    found = checked or queries.release_checked(release)[0]
    told = [
        _(one.sentence) % one.params for one in found.found if one.severity in ("wrong", "lacking")
    ]
    told += queries.private_sentences(release.text)
    if what := rules.forbidden(release.thing_type):
        told.append(_("%(what)s不得公开。") % {"what": _(what)})
    return told


@transaction.atomic
def pass_on(release: Release, *, by: Post | None, note: str = "") -> Release:
    """送审、通过、发布：一步一个人；数不符的、有私人信息的，走不下去。"""
    release = _held(release)
    if release.state not in rules.CHAIN:
        raise Refused(_("这篇稿件不在流转中。"))
    verb, after = rules.CHAIN[release.state]
    if by is not None:
        people.require(by, verb, at=release.unit)
    told = obstacles(release)
    if release.state != "draft" and by is not None:
        before = release.steps.exclude(step__in=("edit", "review")).select_related("by").last()
        if before is not None and before.by is not None and before.by.person_id == by.person_id:
            told.append(_("上一步也是您办的。请由另一人办这一步。"))
    if after == "published" and not release.reviewed:
        told.append(_("还没有做发布前审查。请先审查。"))
    if told:
        raise Refused.all(told)
    if after == "published":
        release.published_at = clock.now()
    step = "submit" if release.state == "draft" else "publish" if after == "published" else "pass"
    release.state = after
    release.save(update_fields=["state", "published_at"])
    _step(release, step, by, note)
    audit.record(by, f"press.release.{step}", release, note=note)
    return release


@transaction.atomic
def review(
    release: Release, *, by: Post | None, answers: Mapping[str, bool], note: str = ""
) -> Release:
    """发布前审查：三问逐一作答；有一问为“是”，就不能发布。"""
    release = _held(release)
    if by is not None:
        people.require(by, "press.office")
    told = []
    if release.state not in ("office", "leader"):
        told.append(_("发布前审查在办公室核稿时做。"))
    if set(answers) != set(rules.REVIEW):
        told.append(_("请逐一回答三个问题。"))
    told += [
        _("这篇稿件%(what)s，不能发布。请退回修改或撤回。") % {"what": _(rules.REVIEW[name])}
        for name in rules.REVIEW
        if answers.get(name)
    ]
    if told:
        raise Refused.all(told)
    release.reviewed = True
    release.save(update_fields=["reviewed"])
    _step(release, "review", by, note)
    audit.record(by, "press.release.review", release, note=note)
    return release


@transaction.atomic
def send_back(release: Release, *, by: Post | None, note: str) -> Release:
    """退回起草人，写明为什么。"""
    release = _held(release)
    if release.state not in ("unit", "office", "leader"):
        raise Refused(_("这篇稿件不在审核中。"))
    _require_hand(release, by)
    if not note.strip():
        raise Refused(_("请写明退回的理由。"))
    release.state, release.reviewed = "draft", False
    release.save(update_fields=["state", "reviewed"])
    _step(release, "return", by, note)
    audit.record(by, "press.release.return", release, note=note)
    return release


@transaction.atomic
def drop(release: Release, *, by: Post | None, note: str) -> Release:
    """撤回没有发布的稿件；发布了的只能更正。"""
    release = _held(release)
    if release.state == "published":
        raise Refused(_("已发布的稿件不能撤回。请用新的一篇更正。"))
    if by is not None:
        people.require(by, "press.write", at=release.unit)
    if not note.strip():
        raise Refused(_("请写明撤回的理由。"))
    release.state = "dropped"
    release.save(update_fields=["state"])
    _step(release, "drop", by, note)
    audit.record(by, "press.release.drop", release, note=note)
    return release


def correct(release: Release, *, by: Post | None, correction: str, **fields: Any) -> Release:
    """更正：新的一篇，写明更正了什么，走同样的流程；旧的一篇不改，注明已更正。"""
    told = {name: getattr(release, name) for name in FIELDS if name != "opinions_until"} | fields
    return write(
        by=by, unit=release.unit, corrects=release, correction=correction, sample=release.sample,
        about=(release.thing_type, release.thing_id, release.thing_name), **told,
    )  # fmt: skip


def _held(release: Release) -> Release:
    found = Release.objects.select_for_update(of=("self",)).select_related("unit")
    return found.get(pk=release.pk)


def _require_hand(release: Release, by: Post | None) -> None:
    """Whoever has the text in hand may edit it or send it back."""
    if release.state not in rules.CHAIN:
        raise Refused(_("已发布的稿件不能改。请用新的一篇更正。"))
    if by is not None and not queries.may_pass(by, release):
        if not queries.releases_for(by).filter(pk=release.pk).exists():
            raise NotFound(_("没有这篇稿件，或您现在的任职看不到它。"))
        raise people.not_allowed(by)


def _step(release: Release, step: str, by: Post | None, note: str = "") -> None:
    digest = hashlib.sha256(release.text.encode()).hexdigest()
    ReleaseStep.objects.create(
        release=release, step=step, state=release.state, note=note.strip(), digest=digest, by=by
    )


def codes(answers: Collection[str]) -> dict[str, bool]:
    """Ticked questions of a form as answers."""
    return {name: name in answers for name in rules.REVIEW}
