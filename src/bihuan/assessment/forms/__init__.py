"""Forms of the room, by subject. Numbers are kept as typed; what is empty stays unknown."""

from bihuan.assessment.forms.entrants import EntrantFilter, EntrantForm
from bihuan.assessment.forms.parts import Button, NoteForm, shown
from bihuan.assessment.forms.results import (
    Asked,
    GoalForm,
    RankingFilter,
    SensitivityForm,
    WhatIfForm,
)
from bihuan.assessment.forms.rounds import (
    CellsForm,
    FreezeForm,
    OpenForm,
    PeersForm,
    PointForm,
    RunForm,
    rule_name,
)
from bihuan.assessment.forms.schemes import (
    IMPUTE_WORDS,
    MEAN_WORDS,
    SCALE_WORDS,
    TREAT_WORDS,
    AmendNodeForm,
    CopyForm,
    MethodForm,
    NodeForm,
    RuleForm,
    WeightsForm,
    scheme_name,
)

__all__ = [
    "IMPUTE_WORDS",
    "MEAN_WORDS",
    "SCALE_WORDS",
    "TREAT_WORDS",
    "AmendNodeForm",
    "Asked",
    "Button",
    "CellsForm",
    "CopyForm",
    "EntrantFilter",
    "EntrantForm",
    "FreezeForm",
    "GoalForm",
    "MethodForm",
    "NodeForm",
    "NoteForm",
    "OpenForm",
    "PeersForm",
    "PointForm",
    "RankingFilter",
    "RuleForm",
    "RunForm",
    "SensitivityForm",
    "WeightsForm",
    "WhatIfForm",
    "rule_name",
    "scheme_name",
    "shown",
]
