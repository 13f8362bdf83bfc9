"""What people type into this room. Split by subject; the rest of the room looks only here."""

from bihuan.facts.forms.definitions import (
    FrameworkForm,
    GroupForm,
    IndicatorForm,
    TermFilterForm,
    TermForm,
)
from bihuan.facts.forms.doubts import DoubtFilterForm, SettleForm
from bihuan.facts.forms.fields import ReasonForm, WordForm
from bihuan.facts.forms.figures import FilterForm, RecordForm, ReviseForm
from bihuan.facts.forms.importing import ImportForm
from bihuan.facts.forms.submissions import (
    CELLS,
    FillForm,
    OpenForm,
    PasteConfirmForm,
    PasteForm,
    SubmissionFilterForm,
)

__all__ = [
    "CELLS",
    "DoubtFilterForm",
    "FillForm",
    "FilterForm",
    "FrameworkForm",
    "GroupForm",
    "ImportForm",
    "IndicatorForm",
    "OpenForm",
    "PasteConfirmForm",
    "PasteForm",
    "ReasonForm",
    "RecordForm",
    "ReviseForm",
    "SettleForm",
    "SubmissionFilterForm",
    "TermFilterForm",
    "TermForm",
    "WordForm",
]
