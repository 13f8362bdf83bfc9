"""`bihuan demo snow`: a whole snowfall, every claim of which holds."""

import re

from bihuan.cli import snow


def test_a_snowfall_is_told_from_warning_to_review(capsys):
    snow.run(rounds=800)
    said = capsys.readouterr().out
    assert said.count("重排后校验：没有一处不合") == 5
    assert len(re.findall("截至 .*：情况报告", said)) == 3
    for word in (
        "平台只转发",
        "抛锚",
        "封闭",
        "督导",
        "又下雪",
        "gcj02",
        "没有一段没清的路被算成清完",
        "复盘",
    ):
        assert word in said
    assert "✗" not in said
