"""Verbs on figures, doubts, submissions and definitions. A figure is never changed: it is revised.

Split by subject; other rooms write `from bihuan.facts import services` and never look inside.
"""

from bihuan.audit import services as audit
from bihuan.base.text import zh
from bihuan.facts import terms
from bihuan.facts.services.checking import check, mark_raised, settle
from bihuan.facts.services.definitions import (
    define_framework,
    define_group,
    define_indicator,
    define_term,
    load_frameworks,
    retire_term,
)
from bihuan.facts.services.figures import record, revise
from bihuan.facts.services.importing import Imported, import_file
from bihuan.facts.services.submissions import (
    accept,
    drop,
    fill,
    needs_reason,
    open_submission,
    send_back,
    submit,
)
from bihuan.people import services as people

__all__ = [
    "Imported",
    "accept",
    "check",
    "define_framework",
    "define_group",
    "define_indicator",
    "define_term",
    "drop",
    "fill",
    "import_file",
    "load_frameworks",
    "mark_raised",
    "needs_reason",
    "open_submission",
    "record",
    "retire_term",
    "revise",
    "send_back",
    "settle",
    "submit",
]

people.declare_verbs(
    {
        "facts.view": zh("查看数据与疑点"),
        "facts.record": zh("录入、修订观测值"),
        "facts.accept": zh("接收、退回填报批次"),
        "facts.import": zh("导入数据文件"),
        "facts.define": zh("设定指标体系、指标与用语"),
    }
)
audit.declare(
    {
        "facts.submission.import": zh("导入数据文件"),
        "facts.submission.open": zh("新建填报批次"),
        "facts.submission.submit": zh("提交填报批次"),
        "facts.submission.accept": zh("接收填报批次"),
        "facts.submission.send_back": zh("退回填报批次"),
        "facts.observation.record": zh("录入观测值"),
        "facts.observation.revise": zh("修订观测值"),
        "facts.doubt.find": zh("核对发现疑点"),
        "facts.doubt.reopen": zh("疑点再次出现"),
        "facts.doubt.lapse": zh("核对不再成立，自动了结"),
        "facts.doubt.raise": zh("由疑点提出问题"),
        "facts.doubt.settle": zh("了结疑点"),
        "facts.framework.define": zh("设定指标体系"),
        "facts.group.define": zh("设定一级指标"),
        "facts.indicator.define": zh("设定指标"),
        "facts.submission.drop": zh("作废填报批次"),
        "facts.term.define": zh("登记用语"),
        "facts.term.retire": zh("停用用语"),
        "facts.term.restore": zh("恢复用语"),
    },
    {
        "facts.indicator.currency": audit.Named(zh("货币"), lambda: terms.CURRENCIES),
        "facts.term.currency": audit.Named(zh("货币"), lambda: terms.CURRENCIES),
        "facts.term.meaning": audit.Named(zh("含义"), lambda: terms.FAMILIES | terms.DIMENSIONS),
        "facts.submission.added": zh("新增"),
        "facts.submission.revised": zh("修订"),
    },
)
