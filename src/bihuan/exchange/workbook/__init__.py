"""Ledger workbooks (整改台账): any office's in, the handbook's 23 columns out.

`read_ledger` understands what it can and doubts the rest; `write_ledger` makes a workbook of our
own; `write_into` fills the office's and leaves its looks alone. The files behind them are private.
"""

from bihuan.exchange.workbook.doubt import Doubt
from bihuan.exchange.workbook.guard import Refusal
from bihuan.exchange.workbook.reading import read_ledger
from bihuan.exchange.workbook.rows import (
    Cell,
    LedgerRead,
    Measure,
    Row,
    SheetRead,
    Written,
    plain,
    values,
)
from bihuan.exchange.workbook.synonyms import HEADINGS, SYNONYMS
from bihuan.exchange.workbook.template import write_into
from bihuan.exchange.workbook.writing import Copied, write_ledger

__all__ = [
    "HEADINGS",
    "SYNONYMS",
    "Cell",
    "Copied",
    "Doubt",
    "LedgerRead",
    "Measure",
    "Refusal",
    "Row",
    "SheetRead",
    "Written",
    "plain",
    "read_ledger",
    "values",
    "write_into",
    "write_ledger",
]
