"""The bridge to the engine of ballots: where boxes and their keys lie, each opened once a process.

Beside each box stands a file of private keys that only the server's own user can read. Each key
in it ends with its use: the tokens' when issuing ends, the seal's when the window for recounts
ends; the key of the log belongs to the box itself.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.base import box_words, tally_words
from bihuan.base.errors import Refused
from bihuan.engines.tally import blind, codes, plain, seal, signing
from bihuan.engines.tally.box import BallotBox, Pace, Unsound
from bihuan.engines.tally.box import check_of as paper_check
from bihuan.engines.tally.faults import Fault, Unfit
from bihuan.engines.tally.plan import Plan

_SENTENCES = {**tally_words.SENTENCES, **box_words.SENTENCES}

# How long a ballot may wait for company before it is written (engines.tally.box.writer): in a thin
# hall a rater waits up to so many seconds, so that the ballot is not alone in its batch.
PACE = Pace(patience_s=1.5)

TOKENS, SEAL = "tokens.json", "seal.key"

_open: dict[Path, BallotBox] = {}
_lock = Lock()


@dataclass(frozen=True)
class Keys:
    """Private halves that are still needed; empty once their use is over."""

    tokens: Mapping[str, blind.PrivateKey]  # by category
    seal: bytes  # empty where the seal is split among people


def folder(box_id: str) -> Path:
    """The folder of one box."""
    return Path(settings.BALLOTS_FOLDER) / box_id


def read_plan(plain: Mapping[str, Any]) -> Plan:
    """The plan as the engine reads it; every fault of it at once, in the reader's language."""
    with in_words():
        return Plan.read(plain)


@contextmanager
def in_words() -> Iterator[None]:
    """What the engine refuses, said in the reader's language, all of it."""
    try:
        yield
    except Unfit as unfit:
        raise Refused.all(sentences(unfit.faults)) from None
    except Unsound as unsound:
        raise Refused.all(sentences(unsound.faults)) from None


def sentences(faults: Iterable[Fault]) -> list[str]:
    """Faults in the reader's language, each with what to do next."""
    return [sentence(fault) for fault in faults]


def of_a_ballot(plan: Plan, faults: Iterable[Fault]) -> list[str]:
    """The same for a ballot that is being filled in: names stand for the plan's codes."""
    english = get_language() == "en"
    names = {
        field: {one.code: one.name_en if english and one.name_en else one.name for one in rows}
        for field, rows in (
            ("subject", plan.subjects),
            ("item", plan.items),
            ("grade", plan.grades),
        )
    }
    told = []
    for fault in faults:
        params = dict(fault.params)
        for field in names.keys() & params.keys():
            params[field] = names[field].get(params[field], params[field])
        told.append(sentence(Fault(fault.code, params)))
    return told


def sentence(fault: Fault) -> str:
    """One fault in the reader's language."""
    return _(_SENTENCES[fault.code]) % fault.params


def make(plan: Plan) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A new box with fresh keys: their public halves, and the shares where the seal is split."""
    box = bytes.fromhex(plan.box)
    home = folder(plan.box)
    home.mkdir(parents=True, mode=0o700)
    seal_private, seal_public = seal.new_pair()
    log_private, log_public = signing.new_signer()
    tokens = {category.code: blind.new_key() for category in plan.categories}
    shares: tuple[str, ...] = ()
    if plan.seal == "shares":
        shares = seal.split(seal_private, need=plan.seal_need, of=plan.seal_of)
        seal_private = b""
    _write(home, Keys(tokens, seal_private))
    BallotBox.new(
        home / "box.sqlite3",
        box=box,
        plan=plan.canonical(),
        seal_public=seal_public,
        log_private=log_private,
    )
    public = {
        "seal": seal_public.hex(),
        "log": log_public.hex(),
        "tokens": {code: key.public.to_plain() for code, key in tokens.items()},
    }
    return public, shares


def box(box_id: str) -> BallotBox:
    """The box, opened once a process."""
    path = folder(box_id) / "box.sqlite3"
    with _lock:
        if path not in _open:
            if not path.exists():
                raise Refused(
                    _("票箱文件不在了：%(place)s。请从备份恢复数据目录，或作废这次投票重来。")
                    % {"place": path}
                )
            _open[path] = BallotBox(path, PACE)
        return _open[path]


def shut(box_ids: Iterable[str] | None = None) -> None:
    """Close boxes that this process holds open (all unless told)."""
    with _lock:
        wanted = None if box_ids is None else {folder(one) / "box.sqlite3" for one in box_ids}
        for path in [p for p in _open if wanted is None or p in wanted]:
            _open.pop(path).close()


def keys(box_id: str) -> Keys:
    """The private keys that are still there."""
    path = folder(box_id) / TOKENS
    if not path.exists():
        return Keys({}, b"")
    plain = json.loads(path.read_text("ascii"))
    tokens = {c: blind.PrivateKey.from_bytes(bytes.fromhex(k)) for c, k in plain.items()}
    sealed = folder(box_id) / SEAL
    return Keys(tokens, bytes.fromhex(sealed.read_text("ascii")) if sealed.exists() else b"")


def forget_tokens(box_id: str) -> None:
    """No token can be signed any more, by anybody."""
    kept = keys(box_id)
    _write(folder(box_id), Keys({}, kept.seal))
    _signing.pop(box_id, None)


def forget_keys(box_id: str) -> None:
    """The last private keys go: nothing can be unsealed or signed any more."""
    for name in (TOKENS, SEAL):
        path = folder(box_id) / name
        if path.exists():
            _overwrite(path)
            path.unlink()


def discard(box_id: str) -> None:
    """Remove a box that never held a ballot of anybody: a rehearsal's."""
    shut([box_id])
    forget_keys(box_id)
    shutil.rmtree(folder(box_id), ignore_errors=True)


_signing: dict[str, Keys] = {}


def signing_key(box_id: str, category: str) -> blind.PrivateKey | None:
    """The key that signs tokens of a category, while tokens are issued; read from disk once."""
    if box_id not in _signing:
        _signing[box_id] = keys(box_id)
    return _signing[box_id].tokens.get(category)


def fingerprint(keys: Sequence[Mapping[str, str]]) -> str:
    """Twelve characters for the public keys of a category's signers, as phones show them."""
    return codes.shown(blind.fingerprint([blind.PublicKey.from_plain(key) for key in keys]))


def signs(key: blind.PublicKey, blinded: str, signature: bytes) -> bool:
    """Is this the signature of that blinded value (hex)? What another signer sends is checked."""
    if len(signature) != key.size:
        return False
    return pow(int.from_bytes(signature, "big"), key.e, key.n) == int(blinded, 16)


def _write(home: Path, kept: Keys) -> None:
    tokens = {code: key.to_bytes().hex() for code, key in kept.tokens.items()}
    _put(home / TOKENS, json.dumps(tokens))
    if kept.seal:
        _put(home / SEAL, kept.seal.hex())


def _put(path: Path, text: str) -> None:
    """Write a file that only its owner reads, in one step; what it replaces is overwritten."""
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    with fresh.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        _overwrite(path)
    fresh.replace(path)


def _overwrite(path: Path) -> None:
    """Best effort: on disks that copy on write the old bytes may outlive this."""
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())


def check_of(code: str, typed: bytes) -> bytes:
    """What stands for a typed paper until the second entry."""
    return paper_check(code, typed)


def is_seen(name: str) -> bool:
    """Does a name hold only what a reader sees?"""
    return plain.is_seen(name)


def shown(code: str) -> str:
    """A code in fours, for paper and screen."""
    return codes.shown(code)
