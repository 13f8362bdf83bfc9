"""What the office sets for itself: rule tables with a history, re-check samples, tokens."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.base.text import zh
from bihuan.ledger import queries
from bihuan.ledger.models import Evidence, Finding, RuleTable, Sample, TableVersion, Token
from bihuan.ledger.rules import honest
from bihuan.ledger.rules.tables import TABLES, Row
from bihuan.ledger.rules.tables import Plan as TablePlan
from bihuan.ledger.services.raising import raise_finding
from bihuan.ledger.services.working import submit_evidence
from bihuan.people import queries as people
from bihuan.people.models import Post

audit.declare({}, {"ledger.token.finding": zh("问题")})


@transaction.atomic
def set_table(
    code: str, *, by: Post | None, rows: Sequence[Row], source: str, seen: int | None = None
) -> RuleTable:
    """设定规则表：存为新的一版，写明依据；旧版永远可查。

    `seen` is the version on which the change was made: whoever was overtaken is told so.
    """
    if by is not None:
        people.require(by, "ledger.limits")
    if code not in TABLES:
        raise Refused(_("没有这张规则表：%(code)s。") % {"code": code})
    return save_table(
        RuleTable,
        TABLES[code],
        code,
        by=by,
        before=queries.table(code),
        rows=rows,
        faults=[queries.sentence(fault) for fault in queries.table_faults(code, rows)],
        source=source,
        seen=seen,
        act="ledger.table.set",
    )


Kept = TypeVar("Kept", bound=TableVersion)


@transaction.atomic
def save_table(
    model: type[Kept],
    plan: TablePlan,
    code: str,
    *,
    by: Post | None,
    before: Sequence[Row],
    rows: Sequence[Row],
    faults: Sequence[str],
    source: str,
    seen: int | None,
    act: str,
) -> Kept:
    """另存一版：any room's rule table, as the next version of its code, with its entry.

    `before` holds now; `faults` is what the room finds wrong with the rows; `seen` is the version
    on which the change was made. Raises Refused with every fault at once.
    """
    found = list(faults)
    if not source.strip():
        found.append(_("请写明依据：哪份文件、哪次会议，或谁的决定。"))
    after = [{c.code: row.get(c.code, "") for c in plan.columns} for row in rows]
    if not found and after == list(before):
        found.append(_("内容没有变化，不必另存。"))
    if found:
        raise Refused.all(found)
    latest = model._default_manager.filter(code=code).order_by("-version").first()
    version = latest.version if latest else 0
    if seen is not None and seen != version:
        raise Refused(_overtaken(version))
    try:
        with transaction.atomic():
            table = model._default_manager.create(
                code=code, version=version + 1, rows=after, source=source.strip(), by=by
            )
    except IntegrityError:  # two at the same moment: the constraint lets one of them through
        raise Refused(_overtaken(version + 1)) from None
    audit.record(by, act, table, changes=_differences(before, after), note=source)
    return table


def _overtaken(version: int) -> str:
    return _("别人刚改过这张表，现在是第 %(n)d 版。请刷新页面，对照现行内容再改。") % {"n": version}


def _differences(before: Sequence[Row], after: Sequence[Row]) -> dict[str, tuple[Any, Any]]:
    """Row by row what changed, so that the history reads without comparing tables."""
    old, new = ({row["code"]: dict(row) for row in rows} for rows in (before, after))
    codes = dict.fromkeys([*old, *new])
    return {c: (old.get(c), new.get(c)) for c in codes if old.get(c) != new.get(c)}


@transaction.atomic
def set_limit(code: str, *, by: Post | None, value: int, source: str) -> RuleTable:
    """设定一个期限或次数：写明依据。"""
    rows = [dict(row) for row in queries.table("limits")]
    if code not in {row["code"] for row in rows}:
        raise Refused(_("没有这项设定：%(code)s。") % {"code": code})
    for row in rows:
        if row["code"] == code:
            row["value"] = value
    return set_table("limits", by=by, rows=rows, source=source)


@transaction.atomic
def draw_sample(*, by: Post, seed: str, source: str) -> Sample:
    """抽样：从应回头看的问题里按风险比例抽取；种子和总体一并公布，任何人都可以重抽核对。

    One population is drawn from once: whoever could draw until the outcome pleases has no sample.
    """
    people.require(by, "ledger.recheck")
    faults = []
    if not seed.strip():
        faults.append(_("请写明种子，例如当天公布的某个号码；种子公布后才可信。"))
    if not source.strip():
        faults.append(_("请写明种子的出处，让任何人都能查到。"))
    if faults:
        raise Refused.all(faults)
    population = queries.population(clock.today())
    if not population:
        raise Refused(_("现在没有应回头看的问题，不必抽样。"))
    if (before := queries.drawn_before(population)) is not None:
        raise Refused(
            _("这些问题已经抽过（种子“%(seed)s”），不能重抽。请等应查的问题有了变化再抽。")
            % {"seed": before.seed}
        )
    shares = {row["code"]: row["share"] for row in queries.table("recheck")}
    sample = Sample.objects.create(
        seed=seed.strip(),
        source=source.strip(),
        day=clock.today(),
        population=population,
        shares=shares,
        drawn=honest.draw(seed.strip(), population, shares),
        digest=honest.population_digest(population),
        by=by,
    )
    changes = {"drawn": (None, sample.drawn), "digest": (None, sample.digest)}
    audit.record(by, "ledger.sample.draw", sample, changes=changes)
    return sample


# Tokens: another system acts in a post ----------------------------------------------------------


@transaction.atomic
def give_token(*, by: Post, name: str, post: Post, valid_to: date) -> tuple[Token, str]:
    """发令牌：返回令牌本身，只此一次；库里只存摘要。"""
    people.require(by, "ledger.tokens")
    if valid_to < clock.today():
        raise Refused(_("有效期不得早于今天。请改晚。"))
    longest = clock.today() + timedelta(days=queries.limit("token_days"))
    if valid_to > longest:
        raise Refused(
            _("令牌最长可用到 %(day)s。请改早；到期前再发新的。") % {"day": clock.in_words(longest)}
        )
    secret = secrets.token_urlsafe(32)
    token = Token.objects.create(
        name=name, digest=token_digest(secret), post=post, valid_to=valid_to, by=by
    )
    audit.record(by, "ledger.token.give", token, changes={"post": (None, str(post))})
    return token, secret


@transaction.atomic
def end_token(token: Token, *, by: Post) -> Token:
    """停用令牌：立即失效。"""
    people.require(by, "ledger.tokens")
    token = Token.objects.select_for_update().get(pk=token.pk)
    if token.ended_at is not None:
        raise Refused(_("这个令牌已经停用。"))
    token.ended_at = clock.now()
    token.save(update_fields=["ended_at"])
    audit.record(by, "ledger.token.end", token)
    return token


def token_digest(secret: str) -> str:
    """What is stored of a token: 256 random bits need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def note_use(token: Token) -> None:
    """记下令牌最近使用的日期，每天至多写一次，以便看出哪些令牌已经没有人用。"""
    if token.used_on != clock.today():
        Token.objects.filter(pk=token.pk).update(used_on=clock.today())


# What another system does through a token -------------------------------------------------------


@transaction.atomic
def raise_through(
    token: Token, *, external_number: str = "", **fields: Any
) -> tuple[Finding, bool]:
    """别的系统提出问题：带原编号的，同一任职、同一编号只立一次，重发得到原来的问题。

    Returns the finding and whether it is new. The same number with other contents is refused: it
    would be two problems under one number.
    """
    by = _acting(token)
    written = json.dumps(fields, ensure_ascii=False, sort_keys=True)
    key = hashlib.sha256(written.encode()).hexdigest()
    if external_number:
        # The post's row is the lock: two requests at once in the same post take turns.
        list(Post.objects.select_for_update(no_key=True).filter(pk=by.pk))
        before = queries.raised_before(by, external_number)
        if before is not None and before.import_key == key:
            return before, False
        if before is not None:
            told = {"external": external_number, "number": before.number}
            raise Refused(
                _(
                    "原编号“%(external)s”已经用于问题 %(number)s，内容与这一次不同。"
                    "是另一个问题的，请换一个原编号；要补充的，请联系督查部门。"
                )
                % told
            )
    finding = raise_finding(by=by, origin=token, external_number=external_number, **fields)
    if external_number:
        finding.import_key = key
        finding.save(update_fields=["import_key"])
    _record_use(token, by, finding)
    return finding, True


@transaction.atomic
def bring_through(token: Token, finding: Finding, **fields: Any) -> Evidence:
    """别的系统提交佐证：与任职本人提交一样查权限、查状态，另在令牌的经过里记一笔。"""
    by = _acting(token)
    evidence = submit_evidence(finding, by=by, **fields)
    _record_use(token, by, finding)
    return evidence


def _acting(token: Token) -> Post:
    """The post, if the token still holds at this moment: it may have been ended meanwhile.

    The row stays locked until the act is over, so that whoever ends a token knows that nothing
    is done through it afterwards.
    """
    list(Token.objects.select_for_update(no_key=True).filter(pk=token.pk))
    held = queries.token_in_force(token.digest)
    if held is None:
        raise NotAllowed(_("这个令牌已经停用或到期。请联系系统管理员。"))
    return held.post


def _record_use(token: Token, by: Post, finding: Finding) -> None:
    audit.record(by, "ledger.token.use", token, changes={"finding": (None, finding.number)})
