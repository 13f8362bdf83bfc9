"""What people type into the ledger, by subject."""

from bihuan.ledger.forms.listing import FilterForm, ListingForm
from bihuan.ledger.forms.steps import FORMS, RaiseForm, form_for, told_of_others

__all__ = ["FORMS", "FilterForm", "ListingForm", "RaiseForm", "form_for", "told_of_others"]
