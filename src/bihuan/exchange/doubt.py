"""A doubt (疑点): what a reader was not sure of, and where; the sentence is made by who asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
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
