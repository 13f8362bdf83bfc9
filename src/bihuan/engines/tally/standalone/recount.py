#!/usr/bin/env python3
"""复核测评公开包：只用 Python 标准库，不用被核验的系统的任何程序。

核验方案摘要、签名（Ed25519）、默克尔根、票列承诺、核对表，并由票列用分数重算公布的结果。
每步一行；全部通过退出状态为 0，否则为 1。

Checks a published ballot bundle with nothing but Python's standard library (3.9 or later): plan
digest, Ed25519 signatures (RFC 8032), Merkle roots (RFC 9162), commitments, reconciliation, and the
results counted again from the columns in exact fractions. One line per check; exit status 0 or 1.
"""

import argparse
import hashlib
import hmac
import json
import sys
from fractions import Fraction
from typing import Any

RawText = argparse.RawDescriptionHelpFormatter
BROKEN = (KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError)
SCHEMA = "bihuan-tally-bundle/1"
OTHERS = ("abstain", "", "own", "void")
FLOW = (
    "due", "present", "tokens", "slips", "paper", "cast", "abstained", "void", "unused", "not_cast",
)  # fmt: skip


# Plain data and digests ---------------------------------------------------------------------------


def once(pairs: Any) -> Any:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key comes twice")
    return dict(pairs)


def canonical(plain: Any) -> Any:
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")


def sha(data: Any) -> Any:
    return hashlib.sha256(data).digest()


def digest(plain: Any) -> Any:
    return sha(canonical(plain)).hex()


def merkle_root(leaves: Any) -> Any:
    """RFC 9162, section 2.1.1."""
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return sha(b"\x00" + leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha(b"\x01" + merkle_root(leaves[:split]) + merkle_root(leaves[split:]))


def commitment(key: Any, counts: Any, salt: Any) -> Any:
    present = {mark: n for mark, n in counts.items() if n}
    return sha(b"bihuan-column-1\x00" + salt + canonical([*key, present])).hex()


# Ed25519 verification, RFC 8032, sections 5.1 and 6 -----------------------------------------------

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def point_add(one: Any, other: Any) -> Any:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_times(number: Any, point: Any) -> Any:
    total = (0, 1, 1, 0)
    while number > 0:
        if number & 1:
            total = point_add(total, point)
        point = point_add(point, point)
        number >>= 1
    return total


def point_equal(one: Any, other: Any) -> Any:
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (
        (one[1] * other[2] - other[1] * one[2]) % P == 0
    )


def recover_x(y: Any, sign: Any) -> Any:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P != 0:
        return None
    return P - x if (x & 1) != sign else x


def decompress(data: Any) -> Any:
    if len(data) != 32:
        return None
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def signed_by(public: Any, message: Any, signature: Any) -> Any:
    """Ed25519: whether the key's holder signed the message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= Q:
        return False
    data = signature[:32] + public + message
    h = int.from_bytes(hashlib.sha512(data).digest(), "little") % Q
    return point_equal(point_times(s, BASE), point_add(r, point_times(h, a)))


def head_signed(public: Any, head: Any) -> Any:
    message = b"bihuan-head-1\x00" + bytes.fromhex(head["box"]) + head["size"].to_bytes(8, "big")
    message += bytes.fromhex(head["root"]) + sha(head["extra"].encode("utf-8"))
    return signed_by(public, message, bytes.fromhex(head["signature"]))


# Counting -----------------------------------------------------------------------------------------


def merges(plan: Any, issued: Any) -> Any:
    """Category → the one that it is counted with: small ones go where the plan says."""
    to = {c["code"]: c["code"] for c in plan["categories"]}
    way = {c["code"]: c["merge_into"] for c in plan["categories"] if c["merge_into"]}
    size = {code: issued.get(code, 0) for code in to}
    while True:
        small = [c for c in way if to[c] == c and size[c] < plan["min_cell"]]
        if not small:
            return to
        target = way[small[0]]
        while to[target] != target:
            target = to[target]
        size[target] += size[small[0]]
        to = {one: target if at == small[0] else at for one, at in to.items()}


class Count:
    """The plan as it is counted, on columns {(category, subject, item): {mark: number}}."""

    def __init__(self, plan: Any, to: Any, columns: Any) -> None:
        self.plan, self.columns = plan, columns
        kept = [c["code"] for c in plan["categories"] if to[c["code"]] == c["code"]]
        self.weights = {
            code: sum(Fraction(c["weight"]) for c in plan["categories"] if to[c["code"]] == code)
            for code in kept
        }
        self.grades = [g["code"] for g in plan["grades"]]
        self.marks = [*self.grades, *OTHERS]
        self.good = set(plan["good"])
        self.items = {i["code"]: Fraction(i["weight"]) for i in plan["items"]}
        self.subjects = [s["code"] for s in plan["subjects"] if s["rated"]]
        self.points = {g["code"]: Fraction(g["points"]) for g in plan["grades"]}
        if plan["method"] == "share":
            self.points = {g: Fraction(100 * (g in self.good)) for g in self.grades}
        ties = [link.partition(":") for link in plan["ties"]]
        moved = [(k, sign, to[code] if k == "category" else code) for k, sign, code in ties]
        self.ties = list(dict.fromkeys(moved))

    def cell(self, category: Any, subject: Any, item: Any) -> Any:
        counts = {m: self.columns[category, subject, item].get(m, 0) for m in self.marks}
        valid = sum(counts[g] for g in self.grades)
        total = sum(self.points[g] * counts[g] for g in self.grades)
        return {"counts": counts, "valid": valid, "points": total / valid if valid else None}

    def rows(self, item: Any, subjects: Any) -> Any:
        """Rows of one item, scored; method rank needs all subjects."""
        cells = {s: {c: self.cell(c, s, item) for c in self.weights} for s in subjects}
        by_rank = self.plan["method"] == "rank"
        rows = []
        for subject, own in cells.items():
            means = {c: self.place(cells, c, subject) if by_rank else own[c]["points"] for c in own}
            rows.append(self.row(subject, item, own, self.weighted(means)))
        return rows

    def place(self, cells: Any, category: Any, subject: Any) -> Any:
        own = cells[subject][category]["points"]
        if own is None:
            return None
        values = [row[category]["points"] for row in cells.values()]
        values = [value for value in values if value is not None]
        if len(values) == 1:
            return Fraction(100)
        rank = sum(v > own for v in values) + Fraction(sum(v == own for v in values) + 1, 2)
        return 100 * (len(values) - rank) / (len(values) - 1)

    def weighted(self, means: Any) -> Any:
        total = sum(self.weights[c] for c, mean in means.items() if mean is not None)
        lacking = any(mean is None and self.weights[c] > 0 for c, mean in means.items())
        if not total or (lacking and self.plan["empty_category"] == "no_result"):
            return None
        return sum(self.weights[c] * m for c, m in means.items() if m is not None) / total

    def row(self, subject: Any, item: Any, cells: Any, score: Any) -> Any:
        counts = {m: sum(cell["counts"][m] for cell in cells.values()) for m in self.marks}
        valid = sum(counts[g] for g in self.grades)
        share = Fraction(sum(counts[g] for g in self.good), valid) if valid else None
        return {
            "subject": subject, "item": item, "cells": cells, "counts": counts, "valid": valid,
            "score": score, "share": share,
        }  # fmt: skip

    def joined(self, subject: Any, made: Any) -> Any:
        """All items of a subject by the items' weights."""
        own = [made[subject, item] for item in self.items]
        total = sum(self.items.values())
        cells, weights = {}, list(self.items.values())
        for category in self.weights:
            each = [row["cells"][category] for row in own]
            counts = {m: sum(cell["counts"][m] for cell in each) for m in self.marks}
            known = [(w, c["points"]) for w, c in zip(weights, each) if c["valid"]]  # noqa: B905 - newer than 3.9
            whole = sum(w for w, _ in known)
            points = sum(w * x for w, x in known) / whole if whole else None
            valid = sum(counts[g] for g in self.grades)
            cells[category] = {"counts": counts, "valid": valid, "points": points}
        score = None
        if all(row["score"] is not None for row in own):
            score = sum(w * row["score"] for w, row in zip(weights, own)) / total  # noqa: B905 - newer than 3.9
        return self.row(subject, "", cells, score)

    def ranked(self, rows: Any, made: Any) -> Any:
        """(rank, last rank) by score and the plan's chain; None without a score."""
        scored = [row for row in rows if row["score"] is not None]
        keys = {row["subject"]: self.links(row, rows, made) for row in scored}
        out = {row["subject"]: (None, None) for row in rows}
        for subject, own in keys.items():
            above = sum(other > own for other in keys.values())
            out[subject] = (above + 1, above + sum(other == own for other in keys.values()))
        return out

    def links(self, row: Any, rows: Any, made: Any) -> Any:
        said = [row["score"]]
        for kind, _, code in self.ties:
            if kind == "share":
                said.append(least(row["share"]))
            elif kind == "majority":
                own = self.shares(row)
                said.append(sum(compare(own, self.shares(other)) > 0 for other in rows))
            elif kind == "fewest":
                said.append(-Fraction(row["counts"][code], row["valid"]) if row["valid"] else -1)
            elif kind == "category":
                said.append(least(row["cells"][code]["points"]))
            elif kind == "item":
                item = made.get((row["subject"], code)) if row["item"] == "" else None
                said.append(least(item["score"]) if item else 0)
        return said

    def shares(self, row: Any) -> Any:
        """Weighted shares of the grades, best first."""
        known = [(self.weights[c], cell) for c, cell in row["cells"].items() if cell["valid"]]
        total = sum(w for w, _ in known)
        if not total:
            return []
        return [
            sum(w * Fraction(cell["counts"][g], cell["valid"]) for w, cell in known) / total
            for g in self.grades
        ]

    def band(self, row: Any) -> Any:
        if row["score"] is None:
            return ""
        for band in self.plan["bands"]:
            low_score = band["score"] is not None and row["score"] < Fraction(band["score"])
            low_share = band["share"] is not None and least(row["share"]) < Fraction(band["share"])
            if not low_score and not low_share:
                return band["code"]
        return ""


def least(value: Any) -> Any:
    return Fraction(-1) if value is None else value


def compare(one: Any, other: Any) -> Any:
    """Majority judgment (Balinski & Laraki 2011): 1 where `one` is higher, −1 where lower."""
    if not one or not other:
        return bool(one) - bool(other)
    half = Fraction(1, 2)
    cuts = {Fraction(0)}
    for shares in (one, other):
        total = Fraction(0)
        for share in shares:
            total += share
            cuts.add(abs(total - half))
    for near in sorted(cuts)[:-1]:
        for side in (1, -1):
            a, b = (grade_at(shares, half + side * near, side) for shares in (one, other))
            if a != b:
                return 1 if a < b else -1
    return 0


def grade_at(shares: Any, level: Any, side: Any) -> Any:
    total = Fraction(0)
    for place, share in enumerate(shares):
        total += share
        if total > level or (side < 0 and total == level):
            return place
    return len(shares) - 1


# Checks -------------------------------------------------------------------------------------------


class Bundle:
    """A bundle and what is wrong with it: each check yields pairs (Chinese, English)."""

    def __init__(self, raw: Any) -> None:
        if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
            raise ValueError("schema")
        self.raw, self.plan = raw, raw["plan"]
        self.public = bytes.fromhex(raw["log"]["public"])
        self.leaves = [bytes.fromhex(leaf) for leaf in raw["log"]["leaves"]]
        self.heads, self.final = raw["log"]["heads"], raw["final"]
        self.said = json.loads(self.final["extra"] or "{}")
        self.flows = raw["reconciliation"]["flows"]
        issued = {c: f["tokens"] + f["slips"] + f["paper"] for c, f in self.flows.items()}
        self.to = merges(self.plan, issued)
        self.columns = {(r["category"], r["subject"], r["item"]): r for r in raw["columns"]}
        self.told = {(t["subject"], t["item"]): t for t in raw["told"]}

    def check_plan(self) -> Any:
        name = digest(self.plan)
        if self.said.get("plan") != name:
            yield "方案不是签名时的方案", "the plan is not the one that was signed"
        first = self.heads[0]["extra"] if self.heads and self.heads[0]["size"] == 0 else ""
        if first and json.loads(first).get("plan") != name:
            yield "方案不是建票箱时的方案", "the plan is not the one the box was made for"
        if self.final["box"] != self.plan["box"]:
            yield "方案属于另一个票箱", "the plan belongs to another box"

    def check_heads(self) -> Any:
        size = -1
        for head in self.heads:
            n = head["size"]
            if head["box"] != self.final["box"] or not head_signed(self.public, head):
                yield f"{n} 票时的签名根，签名不对", f"the head at {n} ballots is not signed"
            if n <= size:
                yield f"{n} 票时的签名根次序不对", f"the head at {n} ballots is out of order"
            size = n
        if not head_signed(self.public, self.final):
            yield "最后的签名根，签名不对", "the final head is not signed"
        if not self.heads:
            yield "没有投票过程中的签名根", "there are no heads of the voting"

    def check_stations(self) -> Any:
        wanted, keys = self.plan["signers"] - 1, set()
        for station in self.raw["stations"]:
            head, key = station["head"], bytes.fromhex(station["public"])
            same = all(head[k] == self.final[k] for k in ("box", "size", "root", "extra"))
            if same and head_signed(key, head) and key != self.public:
                keys.add(key)
            else:
                yield "签名站签的不是这个结果", "a station signed something else"
        if len(keys) < wanted:
            yield f"缺 {wanted} 个签名站的签名", f"{wanted} station signature(s) wanted"

    def check_leaves(self) -> Any:
        found, size = len(self.leaves), self.final["size"]
        if found != size:
            yield f"签名时 {size} 票，现有 {found} 票", f"signed {size} ballots, found {found}"
        if len(set(self.leaves)) != found:
            yield "有票根重复", "a ballot stands twice"
        before = 0
        for head in self.heads:
            n = head["size"]
            if n > found or merkle_root(self.leaves[:n]).hex() != head["root"]:
                yield (
                    f"第 {before} 票之后到第 {n} 票之间有改、删或加",
                    f"changed, removed or added between ballot {before} and {n}",
                )
                break
            if self.leaves[before:n] != sorted(self.leaves[before:n]):
                yield f"到第 {n} 票的一批没有排序", f"the batch up to {n} is not sorted"
            before = n
        if merkle_root(self.leaves).hex() != self.final["root"]:
            yield "全部票根与最后的签名根不合", "the leaves do not make the final root"

    def check_columns(self) -> Any:
        codes = [c["code"] for c in self.plan["categories"] if self.to[c["code"]] == c["code"]]
        items = [i["code"] for i in self.plan["items"]]
        rated = [s["code"] for s in self.plan["subjects"] if s["rated"]]
        wanted = {(c, s, i) for c in codes for s in rated for i in items}
        if wanted != set(self.columns) or len(self.raw["columns"]) != len(self.columns):
            yield "票列多出、缺少或重复", "columns are missing, added or doubled"
        for key, row in self.columns.items():
            name = " / ".join(key)
            if "counts" in row:
                said = commitment(key, row["counts"], bytes.fromhex(row["salt"]))
                if said != row["commitment"]:
                    yield f"票列 {name} 被改过", f"column {name} was changed"
        each = [[*key, self.columns[key]["commitment"]] for key in sorted(self.columns)]
        if digest(each) != self.said.get("columns"):
            yield "票列承诺与签名不合", "the commitments are not the signed ones"

    def check_reconciliation(self) -> Any:
        if digest(self.raw["reconciliation"]) != self.said.get("reconciliation"):
            yield "核对表与签名时不同", "the reconciliation is not the signed one"
        lengths: Any = {}
        for code, flow in self.flows.items():
            f = {name: flow[name] or 0 for name in FLOW}
            issued, accepted = f["tokens"] + f["slips"] + f["paper"], f["cast"] - f["void"]
            holds = min(f.values()) >= 0 and f["due"] >= f["present"] >= issued
            holds = holds and issued == f["cast"] + f["unused"] + f["not_cast"]
            if not holds or accepted < f["abstained"]:
                yield f"类别 {code} 的张数对不上", f"category {code} does not add up"
            if code in self.to:
                lengths[self.to[code]] = lengths.get(self.to[code], 0) + accepted
        if set(self.flows) != set(self.to):
            yield "核对表的类别与方案不同", "the categories are not those of the plan"
        cast = sum(flow["cast"] for flow in self.flows.values())
        if cast != len(self.leaves):
            yield f"投出 {cast} 票，票根 {len(self.leaves)} 个", f"{cast} cast, not as many leaves"
        for key, row in self.columns.items():
            if "counts" in row and sum(row["counts"].values()) != lengths.get(key[0], 0):
                name = " / ".join(key)
                yield f"票列 {name} 的长度不对", f"column {name} has a wrong length"

    def check_results(self) -> Any:
        if digest(self.raw["told"]) != self.said.get("told"):
            yield "公布的结果与签名时不同", "the told results are not the signed ones"
        open_columns = {key: row.get("counts", {}) for key, row in self.columns.items()}
        count = Count(self.plan, self.to, open_columns)
        rated, made = count.subjects, dict[Any, Any]()
        items = [*count.items, *([""] if self.plan["combine"] else [])]
        if {(s, i) for s in rated for i in items} != set(self.told):
            yield "结果的行多出或缺少", "rows of the result are missing or added"
            return
        for item in items:
            shown = [s for s in rated if self.told[s, item]["cells"] is not None]
            by_rank = self.plan["method"] == "rank"
            if item == "":
                known = [s for s in shown if all((s, i) in made for i in count.items)]
                rows = [count.joined(subject, made) for subject in known]
            else:  # places can be counted again only with every unit's columns
                rows = count.rows(item, [] if by_rank and len(shown) < len(rated) else shown)
            if len(rows) < len(shown) and not by_rank:
                yield "合并的结果没有依据", "a joined result has nothing to be made of"
            whole = len(rows) == len(rated)
            made.update({(row["subject"], item): row for row in rows})
            places = count.ranked(rows, made) if whole else {}
            for row in rows:
                told = self.told[row["subject"], item]
                band = count.band(row)
                score = None if row["score"] is None else str(row["score"])
                share = None if row["share"] is None else str(row["share"])
                same = told["low"] == told["high"] == score and told["counts"] == row["counts"]
                same = same and told["share_low"] == told["share_high"] == share
                same = same and told["bands"] == ([band] if band else [])
                cells = {c: cell["counts"] for c, cell in row["cells"].items()}
                same = same and told["cells"] == cells
                if whole:
                    same = same and (told["rank"], told["rank_last"]) == places[row["subject"]]
                if not same:
                    name = f"{row['subject']} / {item or '*'}"
                    yield f"{name} 的结果与重算的不同", f"the result of {name} is another"

    def check_scrutineers(self) -> Any:
        """The full bundle: every column opened with the secret, every exact result again."""
        secret = bytes.fromhex(self.raw["secret"])
        columns = {}
        for row in self.raw["full_columns"]["columns"]:
            key = (row["category"], row["subject"], row["item"])
            columns[key] = row["counts"]
            salt = hmac.new(secret, canonical(list(key)), hashlib.sha256).digest()
            kept = self.columns.get(key, {}).get("commitment")
            if commitment(key, row["counts"], salt) != kept:
                name = " / ".join(key)
                yield f"票列 {name} 与承诺不合", f"column {name} is not the committed one"
        if set(columns) != set(self.columns):
            yield "全部票列多出或缺少", "columns are missing or added"
            return
        count = Count(self.plan, self.to, columns)
        made: Any = {}
        exact = {(row["subject"], row["item"]): row for row in self.raw["outcome"]}
        for item in [*count.items, *([""] if self.plan["combine"] else [])]:
            if item:
                rows = count.rows(item, count.subjects)
            else:
                rows = [count.joined(subject, made) for subject in count.subjects]
            made.update({(row["subject"], item): row for row in rows})
            places = count.ranked(rows, made)
            for row in rows:
                said = exact.get((row["subject"], item), {})
                score = None if row["score"] is None else str(row["score"])
                rank = places[row["subject"]][0]
                if (said.get("score"), said.get("rank")) != (score, rank):
                    name = f"{row['subject']} / {item or '*'}"
                    yield f"{name} 的精确结果与重算的不同", f"the exact result of {name} is another"

    def check_key(self, key: Any) -> Any:
        if self.public.hex() != key.strip().lower():
            yield "与所给的不同：票箱可能整个被换过", "not the one given: another box, perhaps"

    def check_seen(self, seen: Any) -> Any:
        for size, root in seen:
            if size > len(self.leaves):
                yield f"见过 {size} 票，现在更少", f"{size} ballots were seen, now there are fewer"
            elif not merkle_root(self.leaves[:size]).hex().startswith(root):
                yield (
                    f"见过的 {size} 票时的根不在这份日志上",
                    f"the head seen at {size} ballots is not on this log",
                )


TITLES = {
    "plan": ("方案", "plan"),
    "heads": ("签名根", "signed heads"),
    "stations": ("签名站", "signing stations"),
    "leaves": ("票根", "ballots on the log"),
    "columns": ("票列", "columns"),
    "reconciliation": ("核对表", "reconciliation"),
    "results": ("结果", "results"),
    "scrutineers": ("监票人全包", "the scrutineers' part"),
    "key": ("日志公钥", "log key"),
    "seen": ("现场见过的签名根", "heads seen in the hall"),
}


def head_of(text: Any) -> Any:
    said = text.replace("：", ":").replace("-", "").replace(" ", "").lower()
    if ":" not in said and len(said) == 80:
        return int(said[:16], 16), said[16:]
    size, _, root = said.partition(":")
    int(root, 16)
    if not 16 <= len(root) <= 64:
        raise ValueError("a root has 16 to 64 digits")
    return int(size), root


def main(words: Any) -> Any:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=RawText)
    asked.add_argument("bundle", help="公开包 · the bundle")
    asked.add_argument("--head", action="append", default=[], type=head_of, help="票数:根 · seen")
    asked.add_argument("--key", default="", help="日志公钥 · the log key, 64 hex digits")
    asked.add_argument("--en", action="store_true", help="English")
    given = asked.parse_args(words)
    try:
        with open(given.bundle, encoding="utf-8") as stream:  # noqa: PTH123 - no more imports
            bundle = Bundle(json.load(stream, object_pairs_hook=once))
    except (OSError, *BROKEN) as error:
        print(f"不是完整的公开包 · not a whole bundle: {error!r}")
        return 1
    names = ["plan", "heads", "leaves", "columns", "reconciliation", "results"]
    names += ["stations"] if bundle.plan.get("signers", 1) > 1 else []
    names += ["scrutineers"] if bundle.raw.get("kind") == "full" else []
    checks = [(name, getattr(bundle, "check_" + name)) for name in names]
    if given.key:
        checks.append(("key", lambda: bundle.check_key(given.key)))
    if given.head:
        checks.append(("seen", lambda: bundle.check_seen(given.head)))
    holds = True
    for name, check in checks:
        try:
            found = list(check())
        except BROKEN as error:
            found = [(f"读不通：{error!r}", f"unreadable: {error!r}")]
        holds = holds and not found
        verdict = (("通过", "holds"), ("不符", "FAILS"))[bool(found)][given.en]
        print(f"{verdict}  {TITLES[name][given.en]}")
        for fault in found:
            print("      " + fault[given.en])
    if not given.key:
        said = ("请与结果单上的日志公钥核对", "compare with the log key on the result sheet")
        print(f"{said[given.en]}: {bundle.public.hex()}")
    print((("核验不通过", "verification failed"), ("核验通过", "verified"))[holds][given.en])
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
