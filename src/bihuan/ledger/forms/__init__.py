"""What people type into the ledger, by subject."""

from bihuan.ledger.forms.listing import FilterForm
from bihuan.ledger.forms.steps import FORMS, RaiseForm, form_for

__all__ = ["FORMS", "FilterForm", "RaiseForm", "form_for"]
