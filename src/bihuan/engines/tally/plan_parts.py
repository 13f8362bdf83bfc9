"""The rows of a plan (方案的各项): categories, items, grades, subjects, cap, bands and parts."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from bihuan.engines.tally import plain

ABSTAIN, BLANK, OWN, VOID = "abstain", "", "own", "void"
# Marks that are no grade, in the order in which they are told: four numbers, never one.
OTHERS = (ABSTAIN, BLANK, OWN, VOID)
BODY = "body"

KINDS = ("rating", "opinions")
MODES = ("onsite", "written")
METHODS = ("points", "share", "rank")
OWN_RULES = ("skip", "allowed")
BLANK_RULES = ("count", "void_item", "void_ballot")
EMPTY_RULES = ("redistribute", "no_result")
SCORES = ("guarded", "rounded")
SEALS = ("house", "shares")
TIES = ("share", "majority", "shared")  # and category:CODE, item:CODE, fewest:GRADE


@dataclass(frozen=True)
class Category:
    """投票人类别：weight 在有效类别之间按比例用；人太少时并入 merge_into。"""

    code: str
    name: str
    name_en: str = ""
    weight: Fraction = Fraction(1)
    due: int = 0
    merge_into: str = ""


@dataclass(frozen=True)
class Item:
    """测评项。"""

    code: str
    name: str
    name_en: str = ""
    weight: Fraction = Fraction(1)


@dataclass(frozen=True)
class Grade:
    """等次，由好到差排列；points 为折算分。"""

    code: str
    name: str
    name_en: str = ""
    points: Fraction = Fraction(0)


@dataclass(frozen=True)
class Subject:
    """被测评单位：mode 为现场或书面述职；rated 为假即不参加测评。"""

    code: str
    name: str
    name_en: str = ""
    mode: str = "onsite"
    rated: bool = True


@dataclass(frozen=True)
class Cap:
    """限额：grade 最多 most 个，按每项（item）或整票（ballot）计；超了废整票或只废该项。"""

    grade: str
    most: int
    per: str = "item"
    void: str = "ballot"


@dataclass(frozen=True)
class Band:
    """评定档次：由高到低排列，得分和“好”的占比都达到才入档；末档不设条件。"""

    code: str
    name: str
    name_en: str = ""
    score: Fraction | None = None
    share: Fraction | None = None


@dataclass(frozen=True)
class Part:
    """综合评价的组成；代码 ballot 的一项就是本次测评。分数都按 0 到 full 计。"""

    code: str
    name: str
    name_en: str = ""
    weight: Fraction = Fraction(1)
    full: Fraction = Fraction(100)


# Reading, each from one plain table ---------------------------------------------------------------


def _named(read: plain.Reader, row: Mapping[str, Any], where: str) -> dict[str, Any]:
    return {
        "code": read.code(row, "code", where),
        "name": read.text(row, "name", where),
        "name_en": read.text(row, "name_en", where, default=""),
    }


def read_category(read: plain.Reader, row: Mapping[str, Any], where: str) -> Category:
    read.known(row, [one.name for one in fields(Category)], where)
    weight = read.fraction(row, "weight", where, Fraction(1))
    due = read.whole(row, "due", where, 0)
    into = read.text(row, "merge_into", where, default="")
    return Category(**_named(read, row, where), weight=weight, due=due, merge_into=into)


def read_item(read: plain.Reader, row: Mapping[str, Any], where: str) -> Item:
    read.known(row, [one.name for one in fields(Item)], where)
    return Item(**_named(read, row, where), weight=read.fraction(row, "weight", where, Fraction(1)))


def read_grade(read: plain.Reader, row: Mapping[str, Any], where: str) -> Grade:
    read.known(row, [one.name for one in fields(Grade)], where)
    return Grade(**_named(read, row, where), points=read.fraction(row, "points", where))


def read_subject(read: plain.Reader, row: Mapping[str, Any], where: str) -> Subject:
    read.known(row, [one.name for one in fields(Subject)], where)
    mode = read.choice(row, "mode", where, MODES)
    return Subject(
        **_named(read, row, where), mode=mode, rated=read.flag(row, "rated", where, True)
    )


def read_cap(read: plain.Reader, row: Mapping[str, Any]) -> Cap:
    read.known(row, [one.name for one in fields(Cap)], "cap.")
    return Cap(
        grade=read.code(row, "grade", "cap."),
        most=read.whole(row, "most", "cap.", 0),
        per=read.choice(row, "per", "cap.", ("item", "ballot")),
        void=read.choice(row, "void", "cap.", ("ballot", "item")),
    )


def read_band(read: plain.Reader, row: Mapping[str, Any], where: str) -> Band:
    read.known(row, [one.name for one in fields(Band)], where)
    score, share = (
        None if row.get(key) is None else read.fraction(row, key, where)
        for key in ("score", "share")
    )
    return Band(**_named(read, row, where), score=score, share=share)


def read_part(read: plain.Reader, row: Mapping[str, Any], where: str) -> Part:
    read.known(row, [one.name for one in fields(Part)], where)
    weight = read.fraction(row, "weight", where, Fraction(1))
    full = read.fraction(row, "full", where, Fraction(100))
    return Part(**_named(read, row, where), weight=weight, full=full)
