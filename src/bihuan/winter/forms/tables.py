"""The form of a rule table of this room: the ledger's, asking this room's questions."""

from typing import Any

from bihuan.ledger.forms.office import TableForm as LedgerTableForm
from bihuan.winter.queries.tables import TABLE


class TableForm(LedgerTableForm):
    """冬季规则表：与台账的规则表同一种表单。"""

    tables: Any = TABLE
