"""What people type in this room: one form a verb, each about one thing of one meeting."""

from bihuan.reviews.forms.after import (
    CircularForm,
    CloseForm,
    DropForm,
    LowerForm,
    LowersForm,
    ProblemForm,
    ReportForm,
    TellForm,
)
from bihuan.reviews.forms.before import (
    DueTalkForm,
    OpinionForm,
    SortForm,
    TalkForm,
)
from bihuan.reviews.forms.fields import ActForm, ConfirmForm, ReasonForm
from bihuan.reviews.forms.library import RULE_FORMS, TemplateForm
from bihuan.reviews.forms.meeting import (
    AmendForm,
    ArrangeForm,
    AttachForm,
    ClerksForm,
    FinishForm,
    InvitationForm,
    InviteForm,
    PrepareForm,
    SeatForm,
)
from bihuan.reviews.forms.papers import DraftForm, JudgePaperForm
from bihuan.reviews.forms.sitting import (
    AttendanceForm,
    CommentForm,
    CorrectionForm,
    CriticismForm,
    ItemForm,
    JudgeForm,
)

__all__ = [
    "RULE_FORMS",
    "ActForm",
    "AmendForm",
    "ArrangeForm",
    "AttachForm",
    "AttendanceForm",
    "CircularForm",
    "ClerksForm",
    "CloseForm",
    "CommentForm",
    "ConfirmForm",
    "CorrectionForm",
    "CriticismForm",
    "DraftForm",
    "DropForm",
    "DueTalkForm",
    "FinishForm",
    "InvitationForm",
    "InviteForm",
    "ItemForm",
    "JudgeForm",
    "JudgePaperForm",
    "LowerForm",
    "LowersForm",
    "OpinionForm",
    "PrepareForm",
    "ProblemForm",
    "ReasonForm",
    "ReportForm",
    "SeatForm",
    "SortForm",
    "TalkForm",
    "TellForm",
    "TemplateForm",
]
