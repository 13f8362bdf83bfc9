"""A doubt (疑点): what a reader was not sure of, and where; the sentence is made by who asks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

# Names of sheets that a spreadsheet takes without quotation marks before the exclamation mark.
_BARE = re.compile(r"[^\W\d][\w.]*")


@dataclass(frozen=True, slots=True)
class Doubt:
    """疑点：在哪一格，是什么，填进句子里的字。

    Without `cell` it is about the sheet, without `sheet` about the whole file. A `grave` one means
    that something could not be read and must be decided; the others are told.
    """

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    cell: str = ""
    row: int = 0
    grave: bool = False

    @property
    def at(self) -> str:
        """Where it is, as a spreadsheet says it: 整改台账!F7; the sheet alone; or nothing."""
        return full_address(self.sheet, self.cell) if self.cell else self.sheet


def full_address(sheet: str, cell: str) -> str:
    """A cell with its sheet.

    >>> full_address("整改台账", "F7"), full_address("2022 年", "F7")
    ('整改台账!F7', "'2022 年'!F7")
    """
    if _BARE.fullmatch(sheet):
        return f"{sheet}!{cell}"
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell}"
