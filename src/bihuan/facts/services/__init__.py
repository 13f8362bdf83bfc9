"""Verbs on figures, doubts, submissions and definitions. A figure is never changed: it is revised.

Split by subject; other rooms write `from bihuan.facts import services` and never look inside.
"""

from bihuan.audit import services as audit
from bihuan.base.text import zh
from bihuan.facts.services.checking import check, mark_raised, settle
from bihuan.facts.services.definitions import (
    add_term,
    define_framework,
    define_group,
    define_indicator,
    load_frameworks,
)
from bihuan.facts.services.figures import record, revise
from bihuan.facts.services.importing import Imported, import_file
from bihuan.facts.services.submissions import accept, open_submission, send_back, submit
from bihuan.people import services as people

__all__ = [
    "Imported",
    "accept",
    "add_term",
    "check",
    "define_framework",
    "define_group",
    "define_indicator",
    "import_file",
    "load_frameworks",
    "mark_raised",
    "open_submission",
    "record",
    "revise",
    "send_back",
    "settle",
    "submit",
]

people.declare_verbs(
    {
        "facts.view": zh("查看数据与疑点"),
        "facts.record": zh("录入、修订观测值"),
        "facts.import": zh("导入数据文件"),
        "facts.define": zh("设定指标体系与指标"),
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
        "facts.term.add": zh("登记用语"),
    }
)
