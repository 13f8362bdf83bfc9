"""Column headings of a rectification ledger: what offices call them, and where they stand.

The table of synonyms is data; a caller may hand in its own.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bihuan.exchange.span import folded
from bihuan.exchange.workbook.grid import Sheet, Value, shown

# 台账 23 列, in the order in which clerks expect them (handbook section 4).
HEADINGS: dict[str, str] = {
    "order": "序号",
    "number": "编号",
    "source": "问题来源",
    "source_number": "来源文号",
    "category": "问题类别",
    "problem": "问题描述",
    "goal": "整改目标",
    "measures": "整改措施",
    "leader": "责任领导",
    "lead_units": "牵头单位",
    "assist_units": "配合单位",
    "owner": "责任人",
    "assigned_on": "交办日期",
    "due": "完成时限",
    "rect_kind": "整改类型",
    "progress": "进展",
    "evidence": "佐证材料",
    "state": "状态",
    "requested_on": "申请销号日期",
    "opinion": "核查人与意见",
    "closed_on": "销号日期",
    "recheck": "回头看日期与结果",
    "note": "备注",
}

# What else offices call them. `units`, `verifier` and `place` are no columns of the 23: they only
# occur in other people's files.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "order": ("序号", "顺序号", "项次", "序", "No", "No."),
    "number": ("编号", "问题编号", "台账编号", "事项编号", "任务编号", "整改编号"),
    "source": ("问题来源", "来源", "问题出处", "征求意见来源", "反馈来源", "发现途径", "问题渠道"),
    "source_number": ("来源文号", "文号", "文件依据", "反馈文号"),
    "category": (
        *("问题类别", "类别", "问题类型", "问题分类", "分类", "问题方面", "方面", "问题性质"),
        *("整改事项类别", "项目类别", "所属领域"),
    ),
    "problem": (
        *("问题描述", "问题", "存在问题", "存在的问题", "存在的主要问题", "存在的突出问题"),
        *("主要问题", "突出问题", "具体问题", "问题表现", "问题具体表现", "具体表现", "反馈问题"),
        *("查摆问题", "问题清单", "检查发现问题", "发现问题", "巡察反馈问题", "督查反馈问题"),
        *("整改事项", "问题内容", "问题及表现", "意见建议", "反馈意见", "整改问题", "问题事项"),
        *("整改内容", "问题名称", "隐患描述", "存在不足", "对照检查问题"),
    ),
    "goal": ("整改目标", "目标", "整改要求", "目标要求", "预期目标", "整改任务目标", "整改标准"),
    "measures": (
        *("整改措施", "措施", "具体措施", "整改举措", "改进措施", "工作措施", "整改落实措施"),
        *("具体整改措施", "整改方案", "整改任务", "下一步措施", "下步措施", "整改办法", "举措"),
        *("措施内容", "拟采取措施", "整改具体措施"),
    ),
    "leader": (
        *("责任领导", "牵头领导", "分管领导", "包保领导", "主管领导", "整改领导", "挂钩领导"),
        *("领导", "牵头责任领导", "责任县级领导", "联系领导", "督办领导", "整改责任领导"),
    ),
    "units": (
        *("责任单位", "责任部门", "承办单位", "承办部门", "责任科室", "整改单位", "整改责任单位"),
        *("落实单位", "责任主体", "整改主体", "整改部门", "单位", "部门", "承接单位", "涉及单位"),
    ),
    "lead_units": (
        *("牵头单位", "牵头部门", "主责单位", "主责部门", "主办单位", "主办部门", "牵头责任单位"),
        *("牵头科室", "整改牵头单位", "第一责任单位"),
    ),
    "assist_units": (
        *("配合单位", "配合部门", "协办单位", "协办部门", "责任配合单位", "参与单位", "协助单位"),
        *("配合责任单位", "协同单位"),
    ),
    "owner": (
        *("责任人", "整改责任人", "具体责任人", "直接责任人", "责任人员", "负责人", "经办人"),
        *("承办人", "联系人", "具体负责人", "责任人及职务"),
    ),
    "assigned_on": ("交办日期", "交办时间", "下发日期", "下发时间", "下达时间", "派发时间"),
    "due": (
        *("完成时限", "整改时限", "时限", "整改期限", "完成期限", "期限", "办结时限", "时限要求"),
        *("整改完成时限", "完成时间", "整改时间", "整改完成时间", "计划完成时间", "预计完成时间"),
        *("要求完成时间", "拟完成时间", "截止日期", "截止时间", "办理时限", "目标时限", "限期"),
        *("整改时限要求", "计划完成时限", "完成日期", "计划完成日期"),
    ),
    "rect_kind": ("整改类型", "整改方式", "整改类别", "时限类型", "整改性质", "整改期限类型"),
    "progress": (
        *("进展", "进展情况", "完成情况", "整改情况", "落实情况", "整改进展", "整改进展情况"),
        *("整改落实情况", "整改完成情况", "整改落实进展", "进度", "工作进展", "整改结果"),
        *("整改成效", "办理情况", "目前进展", "整改进度", "推进情况", "落实整改情况", "进展成效"),
        *("整改落实进展情况", "工作进展情况"),
    ),
    "evidence": (
        *("佐证材料", "佐证", "佐证资料", "证明材料", "印证材料", "支撑材料", "整改资料", "附件"),
        *("佐证材料清单", "印证资料", "支撑材料目录"),
    ),
    "state": (
        *("状态", "整改状态", "完成状态", "办理状态", "是否完成", "是否完成整改", "是否整改到位"),
        *("是否整改完成", "是否销号", "销号情况", "是否办结", "销号状态", "是否完成销号"),
    ),
    "requested_on": ("申请销号日期", "申请销号时间", "申请验收时间", "报请销号时间"),
    "verifier": ("核查人", "验收人", "核查人员", "复查人", "督查人", "验收人员"),
    "opinion": (
        *("核查人与意见", "核查意见", "核查结果", "核查情况", "验收意见", "验收情况", "督查意见"),
        *("审核意见", "验收结果", "验收人与意见", "核验意见"),
    ),
    "closed_on": (
        *("销号日期", "销号时间", "实际完成时间", "实际完成日期", "办结时间", "办结日期"),
        *("验收时间", "整改到位时间"),
    ),
    "recheck": (
        *("回头看日期与结果", "回头看", "回头看情况", "回头看结果", "复查情况", "回访情况"),
        *("“回头看”情况", "复查结果"),
    ),
    "place": (
        *("地点", "问题地点", "问题点位", "点位", "位置", "具体位置", "所在位置", "地址", "路段"),
        *(
            "检查地点",
            "检查点位",
            "发生地点",
            "点位名称",
            "对象",
            "检查对象",
            "整改对象",
            "项目名称",
        ),
        *("地点或对象", "涉及项目"),
    ),
    "note": ("备注", "说明", "备注说明", "备注（说明）", "其他说明", "备考"),
}

_HEADER_ROWS = 15
_LONGEST = 30
# A heading may carry a remark (整改措施（逐条列出）) or a few more words than the synonym.
_REMARK = re.compile(r"\(.*?\)|\*|:$|[\"“”'‘’]")
_LEAST = 2


@dataclass(frozen=True)
class Column:
    """列: where it stands, its heading as written, and the field it means; "" where unknown."""

    at: int
    heading: str
    field: str


@dataclass(frozen=True)
class Header:
    """表头: its first and last row counted from 0, and its columns in order."""

    top: int
    bottom: int
    columns: tuple[Column, ...]

    def column(self, field: str) -> int | None:
        """The first column of a field."""
        return next((one.at for one in self.columns if one.field == field), None)


class Words:
    """The synonyms, folded once: exact ones first, then those contained in a longer heading."""

    def __init__(self, synonyms: Mapping[str, Sequence[str]] = SYNONYMS) -> None:
        self._exact = {
            plain_heading(word): field for field, words in synonyms.items() for word in words
        }
        longer = [word for word in self._exact if len(word) >= _LEAST]
        self._contained = sorted(longer, key=len, reverse=True)
        self._known: dict[str, tuple[str, int]] = {}

    def field(self, heading: str) -> tuple[str, int]:
        """The field a heading means and how well it fits (2 exact, 1 contained); "" for none."""
        if heading not in self._known:
            self._known[heading] = self._field(plain_heading(heading))
        return self._known[heading]

    def _field(self, plain: str) -> tuple[str, int]:
        if plain in self._exact:
            return self._exact[plain], 2
        if not plain or len(plain) > _LONGEST:
            return "", 0
        # The last word names the thing: 问题整改情况 is about 整改情况, not about 问题.
        inside = [
            word for word in self._contained if word in plain and len(plain) <= 2 * len(word) + 4
        ]
        if not inside:
            return "", 0
        best = max(inside, key=lambda word: (len(word), plain.rfind(word)))
        return self._exact[best], 1


def plain_heading(text: str) -> str:
    """Folded, without spaces, quotation marks and remarks in brackets."""
    plain = "".join(folded(text).casefold().split())
    return _REMARK.sub("", plain) or plain


def header(sheet: Sheet, words: Words) -> Header | None:
    """The header within the first rows of a sheet: the row, or two, that mean most fields."""
    best: tuple[int, int, int] = (0, 0, 0)
    found: Header | None = None
    alone = 0
    for top in range(min(_HEADER_ROWS, len(sheet.rows))):
        if not any(isinstance(value, str) and value.strip() for value in sheet.rows[top]):
            continue
        for bottom in (top, top + 1):
            headings = _headings(sheet, top, bottom)
            if headings is None:
                continue
            columns = _columns(headings, words)
            score = _score(columns, headings, words)
            # Two rows are one header only where the upper one is a header itself: a title over the
            # whole width is none.
            if bottom == top:
                alone = score
            rank = (score, bottom - top if alone else top - bottom, -top)
            if score and rank > best:
                best, found = rank, Header(top, bottom, columns)
    return found


def is_header_again(row: Sequence[Value], header_: Header, sheet: Sheet) -> bool:
    """Is this a header that a later printed page repeats?"""
    return any(_repeats(row, sheet.rows[at]) for at in {header_.top, header_.bottom})


def _repeats(row: Sequence[Value], line: Sequence[Value]) -> bool:
    same = 0
    for value, above in zip(row, line, strict=True):
        if value == "":
            continue
        if plain_heading(shown(value)) != plain_heading(shown(above)):
            return False
        same += 1
    return same >= _LEAST


def _headings(sheet: Sheet, top: int, bottom: int) -> list[tuple[str, str]] | None:
    """For each column the group it stands under and its own heading; None where it cannot be."""
    first = _line(sheet, top)
    if bottom == top:
        return [("", text) for text in first]
    if bottom >= len(sheet.rows):
        return None
    second = [" ".join(shown(value).split()) for value in sheet.rows[bottom]]
    wide = _group_columns(sheet, top, first, second)
    if not wide:
        return None
    tall = {
        at
        for merge in sheet.merges
        if merge.top <= top and merge.bottom >= bottom
        for at in range(merge.left, merge.right + 1)
    }
    headings = []
    for at, (above, below) in enumerate(zip(first, second, strict=True)):
        if at in wide:
            headings.append((above, below))
        elif at in tall or not below:
            headings.append(("", above))
        else:
            return None  # 下一行已有内容：那是数据，不是表头
    return headings


def _line(sheet: Sheet, at: int) -> list[str]:
    """The texts of a row; a group heading stands over every column it is merged over."""
    texts = [" ".join(shown(value).split()) for value in sheet.rows[at]]
    for merge in sheet.merges:
        if merge.top <= at <= merge.bottom and merge.left < len(texts):
            text = " ".join(shown(sheet.rows[merge.top][merge.left]).split())
            for column in range(merge.left, min(merge.right + 1, len(texts))):
                texts[column] = text
    return texts


def _group_columns(sheet: Sheet, top: int, first: list[str], second: list[str]) -> set[int]:
    """Columns under a group heading: merged over several, or with blanks to its right."""
    wide: set[int] = set()
    for merge in sheet.merges:
        if merge.top == merge.bottom == top and merge.right > merge.left:
            columns = range(merge.left, min(merge.right + 1, len(first)))
            if first[merge.left] and any(second[at] for at in columns):
                wide.update(columns)
    merged = {
        at
        for one in sheet.merges
        if one.top <= top <= one.bottom
        for at in range(one.left, one.right + 1)
    }
    for at in range(1, len(first)):
        starts_group = at - 1 in wide or (bool(first[at - 1]) and bool(second[at - 1]))
        if not first[at] and second[at] and starts_group and at not in merged:
            first[at] = first[at - 1]
            wide.update((at - 1, at))
    return wide


def _columns(headings: list[tuple[str, str]], words: Words) -> tuple[Column, ...]:
    columns = []
    for at, (group, own) in enumerate(headings):
        if group and own:
            tries = (group + own, own)
            fits = [words.field(text) for text in tries]
            field = max(fits, key=lambda fit: fit[1])[0] if fits else ""
            columns.append(Column(at, f"{group}·{own}", field))
        elif group or own:
            columns.append(Column(at, group or own, words.field(group or own)[0]))
    return tuple(columns)


def _score(columns: tuple[Column, ...], headings: list[tuple[str, str]], words: Words) -> int:
    """How many fields are meant; 0 for what is no ledger header."""
    fields = {column.field for column in columns if column.field}
    if not fields & {"problem", "measures"} or len(fields) < _LEAST:
        return 0
    # A title merged over the whole width names a field once, and a long text is no heading.
    if any(len(own) > 60 for _group, own in headings):
        return 0
    exact = sum(words.field(own)[1] == 2 for own in {own for _group, own in headings})
    return len(fields) * 2 + exact
