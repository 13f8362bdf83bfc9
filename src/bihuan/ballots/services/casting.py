"""Casting: a right and a sealed ballot go into the box; the database learns nothing of it.

No session, no account, no audit entry, no row: what is not written cannot be read. The box's own
file keeps the ballot (engines.tally.box), and its signed heads are the record that it was kept.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.ballots import bridge, queries
from bihuan.ballots.models import FirstEntry, Poll, Ticket
from bihuan.ballots.services.steps import at, move, refusing
from bihuan.base.errors import NotFound, Refused
from bihuan.engines.tally import ballot as ballots
from bihuan.engines.tally import blind, codes, seal, signing
from bihuan.engines.tally.box import Differs, Receipt
from bihuan.people import queries as people
from bihuan.people.models import Post


@dataclass(frozen=True)
class Token:
    """What a phone shows with its ballot: its key, the prefix and the unblinded signatures."""

    public: bytes
    prefix: bytes
    signatures: Sequence[bytes]
    proof: bytes  # Ed25519 over the sealed ballot


@transaction.atomic
def start_casting(poll: Poll, *, by: Post | None) -> Poll:
    """开始投票：由主持人宣布。"""
    _chairs(by)
    poll = at(poll, "issued")
    move(poll, "casting", by)
    with refusing():
        bridge.box(poll.box_id).advance("casting")
    return poll


def cast_token(slug: str, *, category: str, blob: bytes, token: Token) -> Receipt:
    """手机票投票：验签名，不认人。"""
    fixed = queries.fixed(slug)
    evidence = b"".join((token.public, token.prefix, *token.signatures))
    if len(token.prefix) != blind.PREFIX or not token_holds(slug, category, evidence):
        raise Refused(_("这张票的签名不成立。请问会务人员。"))
    if not signing.check(
        token.public, signing.cast_message(fixed.box, category, blob), token.proof
    ):
        raise Refused(_("票面在途中变了，没有收。请再提交一次。"))
    with refusing():
        return bridge.box(fixed.box_id).put(
            codes.spent_token(token.public), category, blob, evidence
        )


def token_holds(slug: str, category: str, evidence: bytes) -> bool:
    """验票：key, prefix and signatures in one piece, as the box keeps them for the recount."""
    fixed = queries.fixed(slug)
    own = fixed.keys["tokens"].get(category)
    if own is None:
        return False
    signers = [blind.PublicKey.from_plain(own)]
    if fixed.plan.signers == 2:
        signers.append(blind.PublicKey.from_plain(fixed.keys["station"][category]))
    public, prefix = evidence[:32], evidence[32 : 32 + blind.PREFIX]
    rest = evidence[32 + blind.PREFIX :]
    if len(public) != 32 or len(rest) != sum(key.size for key in signers):
        return False
    said = blind.prepare(blind.token_message(fixed.box, category, public), prefix)
    for key in signers:
        if not blind.verify(key, said, rest[: key.size]):
            return False
        rest = rest[key.size :]
    return True


def cast_slip(slug: str, *, slip: str, blob: bytes) -> Receipt:
    """纸票在手机上投：凭随机抽取的票码。"""
    fixed = queries.fixed(slug)
    category = bridge.box(fixed.box_id).slip_category(codes.spent_slip(slip))
    if category is None:
        raise NotFound(_("没有这个票码。请核对后再输，或问会务人员。"))
    with refusing():
        return bridge.box(fixed.box_id).put(codes.spent_slip(slip), category, blob)


def cast_open(
    slug: str,
    *,
    slip: str,
    marks: Mapping[str, Mapping[str, str]],
    remarks: Mapping[str, str],
) -> Receipt:
    """不用脚本的手机：服务器收到即封，封好才存。"""
    fixed, category, said = _filled(slug, slip, marks, remarks)
    with refusing():
        return bridge.box(fixed.box_id).put(
            codes.spent_slip(slip), category, _seal(fixed, category, said)
        )


def type_paper(
    poll: Poll,
    *,
    by: Post | None,
    slip: str,
    marks: Mapping[str, Mapping[str, str]],
    remarks: Mapping[str, str] | None = None,
) -> str:
    """录入纸质票：两人各录一遍，一致才进箱；不一致，两遍都作废重录。返回 first 或 matched。

    Who typed is in the chain; what was typed is not, and neither is the code of the slip.
    """
    if by is not None:
        people.require(by, "ballots.type")
    fixed, category, said = _filled(poll.slug, slip, marks, remarks or {})
    box, spent = bridge.box(fixed.box_id), codes.spent_slip(slip)
    check = bridge.check_of(slip, ballots.encode(replace(said, nonce="")))
    outcome: Receipt | Differs | Refused
    with refusing(), transaction.atomic():
        first = FirstEntry.objects.select_for_update().filter(poll=poll, slip=spent.hex()).first()
        if first is None:
            box.paper_first(spent, category, check)
            audit.record(by, "ballots.poll.type_paper", poll)
            if by is not None:
                FirstEntry.objects.create(poll=poll, slip=spent.hex(), person=by.person)
            return "first"
        if by is not None and first.person_id == by.person_id:
            raise Refused(_("第二遍须由另一人录入。"))
        # The box forgets the first entry whatever comes of the second, and so must this row:
        # what is refused is told after the transaction, not out of it.
        first.delete()
        audit.record(by, "ballots.poll.type_paper", poll)
        try:
            with refusing():
                outcome = box.paper_second(spent, category, check, _seal(fixed, category, said))
        except Refused as refused:
            outcome = refused
    if isinstance(outcome, Refused):
        raise outcome
    if isinstance(outcome, Differs):
        raise Refused(_("两人录的不一样，两遍都没有收。请对着票面重录两遍。"))
    return "matched"


def drop_paper(poll: Poll, *, by: Post | None, slip: str) -> None:
    """撤销第一遍：没有人录第二遍的纸质票，投票结束前须撤销或补录。"""
    if by is not None:
        people.require(by, "ballots.type")
    spent = codes.spent_slip(slip)
    with transaction.atomic():
        known, _kinds = FirstEntry.objects.filter(poll=poll, slip=spent.hex()).delete()
        if not bridge.box(poll.box_id).paper_drop(spent) and not known:
            raise Refused(_("这张票没有等着录第二遍。"))


def _filled(
    slug: str,
    slip: str,
    marks: Mapping[str, Mapping[str, str]],
    remarks: Mapping[str, str],
) -> tuple[queries.Fixed, str, ballots.Ballot]:
    fixed = queries.fixed(slug)
    category = bridge.box(fixed.box_id).slip_category(codes.spent_slip(slip))
    if category is None:
        raise NotFound(_("没有这个票码。请核对后再输，或问会务人员。"))
    said = ballots.Ballot(category, marks, remarks)
    if faults := ballots.faults(fixed.plan, said):
        raise Refused.all(bridge.of_a_ballot(fixed.plan, faults))
    return fixed, category, said


def _seal(fixed: queries.Fixed, category: str, said: ballots.Ballot) -> bytes:
    """Sealed at once: what a phone does for itself, the server does for paper."""
    fresh = replace(said, nonce=secrets.token_hex(16))
    public = bytes.fromhex(fixed.keys["seal"])
    return seal.seal(public, ballots.encode(fresh), box=fixed.box, category=category)


@transaction.atomic
def close(poll: Poll, *, by: Post | None) -> Poll:
    """结束投票：由主持人宣布，之后什么也不再变。

    The box closes last: should the database fail to write, voting goes on.
    """
    _chairs(by)
    poll = at(poll, "casting")
    move(poll, "closed", by)
    # What stood only to answer a phone twice has no more use.
    Ticket.objects.filter(voter__poll=poll).update(blinded=[], signatures=[])
    box = bridge.box(poll.box_id)
    with refusing():
        box.advance("closed")
    poll.head = box.head().plain()
    poll.save(update_fields=["head"])
    audit.record(
        by,
        "ballots.poll.head",
        poll,
        changes={"size": (None, poll.head["size"]), "root": (None, poll.head["root"])},
    )
    return poll


def _chairs(by: Post | None) -> None:
    if by is not None:
        people.require(by, "ballots.chair")


def as_answer(receipt: Receipt) -> dict[str, Any]:
    """What the phone is told."""
    return {
        "receipt": receipt.leaf.hex(),
        "size": receipt.head.size,
        "root": receipt.head.root.hex(),
        "signature": receipt.head.signature.hex(),
    }
