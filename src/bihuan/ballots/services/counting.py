"""The count: the seal is opened once, before witnesses; from here only columns are read."""

import hmac
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.ballots import bridge, queries
from bihuan.ballots.models import Poll
from bihuan.ballots.services.casting import token_holds
from bihuan.ballots.services.door import station_known
from bihuan.ballots.services.steps import at, move, refusing
from bihuan.base.errors import Refused
from bihuan.engines.tally import bundle as bundles
from bihuan.engines.tally import heads, plain, seal
from bihuan.engines.tally.box import BallotBox, Right
from bihuan.engines.tally.columns import Columns, gather
from bihuan.engines.tally.plan import Plan
from bihuan.engines.tally.reconciliation import Flow, Reconciliation
from bihuan.people import queries as people
from bihuan.people.models import Post


@transaction.atomic
def count(poll: Poll, *, by: Post | None, shares: Sequence[str] = ()) -> Poll:
    """计票：启封、判票、分栏、核对张数、算分，一次做完；核对不平，没有结果。"""
    if by is not None:
        people.require(by, "ballots.chair")
    poll = at(poll, "closed")
    plan = bridge.read_plan(poll.plan)
    box = bridge.box(poll.box_id)
    _whole(poll, plan, box)
    private = _private(poll, plan, shares)
    numbers = queries.numbers(poll)
    _as_announced(poll, numbers)
    issued = {code: one.issued for code, one in numbers.items()}
    with refusing(), bridge.in_words():
        rights = box.rights()
        _rights_hold(poll, rights, numbers)
        opened = ((category, text) for _leaf, category, text in box.open(private))
        columns = gather(plan, opened, issued=issued)
        found = _reconciled(poll, numbers, box.counts(), columns)
        # The same key gives the same salts: a count that was cut off comes to the same head again.
        secret = hmac.digest(private, b"bihuan-columns-1" + box.box, "sha256")
        size = box.head().size
        done = bundles.counted(plan, columns, found, leaves=size, secret=secret)
        box.store_columns(plain.canonical(columns.plain()))
        final = box.sign_final(done.extra)
        parts: dict[str, Any] = {
            "leaves": box.leaves(),
            "heads": box.heads(),
            "final": final,
            "log_public": box.log_public,
        }
        poll.full = bundles.bundle(done, **parts, full=True)
        poll.open = bundles.bundle(done, **parts)
        poll.outcome = done.outcome.plain()
        poll.head = final.plain()
        move(poll, "counted", by, changes={"root": (None, final.root.hex())}, note=final.extra)
        box.advance("counted")
    return poll


def _whole(poll: Poll, plan: Plan, box: BallotBox) -> None:
    """Is this the box that was closed, and has nobody touched it? Every change is named."""
    shown = heads.Head.read(poll.head) if poll.head else None
    found = box.check(
        box=bytes.fromhex(poll.box_id),
        log_public=bytes.fromhex(poll.keys["log"]),
        plan=plan.canonical(),
        seen=[shown] if shown else [],
    )
    if found:
        raise Refused.all(bridge.sentences(found))


def _as_announced(poll: Poll, numbers: dict[str, queries.Numbers]) -> None:
    """Does the roll still say what was announced when issuing ended? Each change is named."""
    labels = {
        "due": _("应到"),
        "present": _("到会"),
        "tokens": _("手机票"),
        "slips": _("纸票"),
        "printed": _("印纸票"),
        "returned": _("退回未用"),
    }
    faults = []
    for category in poll.plan["categories"]:
        now, then = asdict(numbers[category["code"]]), poll.announced[category["code"]]
        faults += [
            _(
                "“%(name)s”的“%(label)s”在发票结束时公布为 %(then)d，现在名单上是 %(now)d："
                "名单在那以后被改过，没有结果。"
            )
            % {"name": queries.named(category), "label": label, "then": then[key], "now": now[key]}
            for key, label in labels.items()
            if now[key] != then[key]
        ]
    if faults:
        raise Refused.all(faults)


def _private(poll: Poll, plan: Plan, shares: Sequence[str]) -> bytes:
    if plan.seal == "house":
        kept = bridge.keys(poll.box_id).seal
        if not kept:
            raise Refused(_("票箱的密钥文件不在了，打不开票箱。请从备份找回密钥文件。"))
        return kept
    with bridge.in_words():
        given = [share for share in shares if share.strip()]
        return seal.join(given, public=bytes.fromhex(poll.keys["seal"]))


def _rights_hold(poll: Poll, rights: Iterable[Right], numbers: dict[str, queries.Numbers]) -> None:
    """Every token's signatures once more, and no kind of right used oftener than it was given."""
    used: Counter[tuple[str, str]] = Counter()
    faults = []
    for right in rights:
        kind = "token" if right.evidence else "slip"
        used[right.category, kind] += 1
        if right.evidence and not token_holds(poll.slug, right.category, right.evidence):
            faults.append(
                _("票 %(leaf)s 的签名不成立，不是从门口进来的。") % {"leaf": right.leaf.hex()}
            )
    names = {one["code"]: queries.named(one) for one in poll.plan["categories"]}
    for code, one in numbers.items():
        for kind, given in (("token", one.tokens), ("slip", one.slips)):
            if used[code, kind] > given:
                faults.append(
                    _("“%(name)s”发出 %(given)d 张，却投了 %(used)d 张，核对不平，没有结果。")
                    % {"name": names[code], "given": given, "used": used[code, kind]}
                )
    if faults:
        raise Refused.all(faults)


def _reconciled(
    poll: Poll, numbers: dict[str, queries.Numbers], cast: dict[str, int], columns: Columns
) -> Reconciliation:
    """Where every right went, by category, from three sources: roll, box, columns."""
    flows = {
        code: Flow(
            due=one.due,
            present=one.present,
            tokens=one.tokens,
            slips=one.slips,
            cast=cast.get(code, 0),
            abstained=columns.abstained.get(code, 0),
            void=sum(columns.void.get(code, {}).values()),
            not_cast=one.issued - cast.get(code, 0),
        )
        for code, one in numbers.items()
    }
    return Reconciliation(flows, queries.own_raters(poll))


@transaction.atomic
def cosign(poll: Poll, *, word: str, head: dict[str, Any]) -> Poll:
    """监票人会签：签名站核过日志，再签计票后的箱头；写进两个结果文件。"""
    station = station_known(poll, word=word)
    poll = at(poll, "counted")
    try:
        signed = heads.Head.read(head)
    except ValueError:
        raise Refused(_("会签的箱头读不通。")) from None
    final = heads.Head.read(poll.head)
    same = (signed.box, signed.size, signed.root, signed.extra) == (
        final.box,
        final.size,
        final.root,
        final.extra,
    )
    if not same or not heads.check(bytes.fromhex(station.head_public), signed):
        raise Refused(_("会签的不是这次计票的箱头，或签名不成立。"))
    line = {"public": station.head_public, "head": signed.plain()}
    poll.full = {**poll.full, "stations": [line]}
    poll.open = {**poll.open, "stations": [line]}
    poll.save(update_fields=["full", "open"])
    audit.record(None, "ballots.poll.cosign", poll)
    return poll


@transaction.atomic
def end_check_window(poll: Poll, *, by: Post | None) -> Poll:
    """核对期结束：封着的票和用过的票码从票箱里抹去，最后的密钥销毁；留下的只有分栏和箱头。"""
    if by is not None:
        people.require(by, "ballots.chair")
    poll = at(poll, "counted")
    move(poll, "done", by)
    with refusing():
        bridge.box(poll.box_id).finish()
    transaction.on_commit(lambda: bridge.forget_keys(poll.box_id))
    return poll


@transaction.atomic
def hand_out_copy(poll: Poll, *, by: Post | None) -> bytes:
    """交出票箱副本：封着的票，没有密钥打不开；给监票人复票，谁取走的记一笔。"""
    if by is not None:
        people.require(by, "ballots.chair")
    poll = at(poll, "counted")
    with TemporaryDirectory(dir=bridge.folder(poll.box_id)) as folder, refusing():
        to = Path(folder) / "box.sqlite3"
        bridge.box(poll.box_id).copy(to)
        content = to.read_bytes()
    audit.record(by, "ballots.poll.copy", poll)
    return content
