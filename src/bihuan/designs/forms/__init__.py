"""What people type in this room: one form a verb, each about one thing."""

from bihuan.designs.forms.fields import ActForm, ConfirmForm, ReasonForm
from bihuan.designs.forms.meetings import (
    AgendaForm,
    AttendanceForm,
    CallForm,
    ConcludeForm,
    InviteForm,
    IssueForm,
    MeetingForm,
    MinutesForm,
    OutcomeForm,
    PublishForm,
    RequirementsForm,
)
from bihuan.designs.forms.opinions import (
    AnswerForm,
    GiveForm,
    RecordForm,
    RemarkForm,
    ResidentForm,
    VerifyForm,
)
from bihuan.designs.forms.schemes import (
    AspectForm,
    BcfForm,
    BeginForm,
    BringForm,
    CompareForm,
    NewAspectForm,
    SchemeForm,
)

__all__ = [
    "ActForm",
    "AgendaForm",
    "AnswerForm",
    "AspectForm",
    "AttendanceForm",
    "BcfForm",
    "BeginForm",
    "BringForm",
    "CallForm",
    "CompareForm",
    "ConcludeForm",
    "ConfirmForm",
    "GiveForm",
    "InviteForm",
    "IssueForm",
    "MeetingForm",
    "MinutesForm",
    "NewAspectForm",
    "OutcomeForm",
    "PublishForm",
    "ReasonForm",
    "RecordForm",
    "RemarkForm",
    "RequirementsForm",
    "ResidentForm",
    "SchemeForm",
    "VerifyForm",
]
