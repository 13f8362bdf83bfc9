"""Forms of the room, by subject."""

from bihuan.meetings.forms.acting import (
    Button,
    CommentForm,
    CountForm,
    DecideForm,
    NoteForm,
    ReasonForm,
    RehearseForm,
    RequirementsForm,
    SpeechForm,
    UseForm,
    WaiveForm,
)
from bihuan.meetings.forms.planning import OpenForm, RowsForm, SectionForm, UnitsForm, name_of
from bihuan.meetings.forms.preparing import (
    GuestForm,
    MaterialForm,
    PartsForm,
    ReportForm,
    RollForm,
)

__all__ = [
    "Button",
    "CommentForm",
    "CountForm",
    "DecideForm",
    "GuestForm",
    "MaterialForm",
    "NoteForm",
    "OpenForm",
    "PartsForm",
    "ReasonForm",
    "RehearseForm",
    "ReportForm",
    "RequirementsForm",
    "RollForm",
    "RowsForm",
    "SectionForm",
    "SpeechForm",
    "UnitsForm",
    "UseForm",
    "WaiveForm",
    "name_of",
]
