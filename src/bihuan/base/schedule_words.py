"""Faults of schedules and of the files that hold them as sentences.

The command line and the projects' pages say the same, each in its own way of finding the reader's
language.
"""

from collections.abc import Mapping

from bihuan.base.text import zh

SENTENCES: Mapping[str, str] = {
    # the network
    "schedule_no_activities": zh("计划里没有活动。请至少填一项。"),
    "schedule_no_code": zh("活动“%(name)s”没有代码。请填上代码。"),
    "schedule_code_twice": zh("活动代码“%(activity)s”用了两次。请改一个。"),
    "schedule_negative_duration": zh("活动“%(activity)s”的工期是 %(found)s，不能小于零。请改正。"),
    "schedule_unknown_calendar": zh("活动“%(activity)s”用的日历“%(found)s”不存在。请改正。"),
    "schedule_unknown_bound": zh(
        "活动“%(activity)s”的约束“%(found)s”不认识，可用：%(known)s。请改正。"
    ),
    "schedule_unknown_before": zh(
        "活动“%(after)s”的紧前活动“%(before)s”不存在。请改正，或补上这一项。"
    ),
    "schedule_unknown_after": zh(
        "活动“%(before)s”的紧后活动“%(after)s”不存在。请改正，或补上这一项。"
    ),
    "schedule_own_before": zh("活动“%(before)s”的紧前活动是它自己。请改正。"),
    "schedule_unknown_kind": zh(
        "活动“%(before)s”到“%(after)s”的关系“%(found)s”不认识，可用 FS、SS、FF、SF。请改正。"
    ),
    "schedule_unknown_lag_calendar": zh(
        "活动“%(before)s”到“%(after)s”的时距用的日历“%(found)s”不存在。请改正。"
    ),
    "schedule_cycle": zh("活动首尾相接成了圈：%(path)s。请去掉其中一条关系。"),
    "schedule_calendar_empty": zh("日历“%(name)s”没有工作时间。请补上。"),
    "schedule_calendar_ends": zh("日历“%(name)s”太短，排不到那么晚。请检查工期，或延长日历。"),
    "schedule_no_start": zh("计划里没有一个日期，不知道从哪天算起。请至少填一个开始日期。"),
    "schedule_no_dates": zh("这些活动没有计划起止日期：%(found)s。请补上。"),
    "schedule_unknown_activity": zh("没有代码为“%(found)s”的活动。请改正。"),
    # earned value
    "evm_backwards": zh("活动“%(activity)s”的计划完成早于计划开始。请改正。"),
    "evm_no_budget": zh("计划里没有费用，算不出挣值。请填各活动的费用。"),
    "evm_before_start": zh("跟踪期“%(period)s”的状态日早于计划开始。请改正。"),
    "evm_not_share": zh(
        "跟踪期“%(period)s”里，活动“%(activity)s”的完成比例是 %(found)s，应在 0 和 1 之间。请改正。"
    ),
    "evm_no_periods": zh("没有跟踪期，算不出挣值。请先填实际进展。"),
    # risk
    "risk_shape": zh("活动“%(activity)s”的分布“%(found)s”不认识，可用：%(known)s。请改正。"),
    "risk_order": zh("活动“%(activity)s”的三点估计是 %(found)s，应由小到大，且不小于零。请改正。"),
    "risk_not_positive": zh(
        "活动“%(activity)s”的三点估计是 %(found)s，对数正态分布要求都大于零。请改正。"
    ),
    "risk_runs": zh("推算次数是 %(found)s，至少一次。请改正。"),
    "risk_settled": zh("活动“%(activity)s”已用去 %(found)s，超过了它的工期，或小于零。请改正。"),
    "risk_loadings": zh("公共因素的载荷与活动对不上，或平方和大于 1。请改正。"),
    "risk_shares": zh("共同因素和同一单位因素占的方差都不能小于零，合起来不能超过 1。请改小。"),
    # forecasts and their calibration
    "forecast_class": zh(
        "参照类“%(name)s”的中位数和晚于计划的比例互相矛盾，或各项目没有差别。请核对。"
    ),
    "forecast_few": zh("只有 %(found)s 个已完工项目，至少要 %(least)s 个才能作参照类。"),
    "forecast_not_positive": zh("最终 SPI(t) 是 %(found)s，应大于零。请改正。"),
    "calibration_pairs": zh("预测有 %(said)s 次，结果有 %(came)s 次，对不上或没有。请补齐。"),
    "calibration_chance": zh("概率是 %(found)s，应在 0 和 1 之间。请改正。"),
    # reading project files
    "schedule_no_library": zh(
        "读这种文件要装 mpxj。请安装 bihuan[schedules]，或另存为 Excel 表再导入。"
    ),
    "schedule_no_java": zh(
        "读这种文件要有 Java 11 以上的运行环境。请安装 Java，或另存为 Excel 表再导入。"
    ),
    "schedule_unreadable": zh("计划文件读不出来，可能已损坏。请用原来的软件打开，另存后再导入。"),
    "schedule_too_slow": zh(
        "计划文件 %(seconds)s 秒还没有读完，已停止。请另存为 .xml 或 Excel 表再导入。"
    ),
    "schedule_too_heavy": zh("计划文件要的内存太多，已停止读取。请另存为 .xml 或 Excel 表再导入。"),
    "schedule_other_kind": zh("文件名是 %(found)s，内容是 %(known)s，已按内容读取。"),
    "schedule_not_schedule": zh(
        "这不是计划文件。请选择 Project、Primavera、Planner 文件或 Excel 表。"
    ),
    # reading tables
    "schedule_empty_sheet": zh("表是空的。请选择填好的计划表。"),
    "schedule_no_heading": zh("没有找到表头。请写明“名称”和“工期”（或“开始”“完成”）各列。"),
    "schedule_no_tasks": zh("表头下面没有任务。请至少填一行。"),
    "schedule_no_columns": zh("缺少这些列：%(found)s。请补上。"),
    "schedule_not_length": zh("工期“%(found)s”读不出来。请写成 5、5天 或 2周 这样。"),
    "schedule_not_link": zh("前置任务“%(found)s”读不出来，或没有这一项。请写成 3、3FS+2天 这样。"),
    "schedule_not_date": zh("日期“%(found)s”读不出来。请写成 2026-12-31 这样。"),
    "schedule_backwards": zh("完成日期“%(found)s”早于开始日期。请改正。"),
    "schedule_working_days": zh("没有写明工期是工作日还是自然日，按工作日（周一至周五）计。"),
    # files that hold no table; the same sentences as of other tables
    "schedule_empty_file": zh("文件是空的。请选择填好的计划文件。"),
    "schedule_too_big": zh("文件超过 %(most)s MB。请去掉图片，或分成几个文件再导入。"),
    "schedule_password": zh("文件加了密码。请去掉打开密码，另存后再导入。"),
    "schedule_hostile": zh(
        "文件里有办公软件不会写的内容，已停止读取。请用原来的软件另存后再导入。"
    ),
    "schedule_bomb": zh(
        "文件解开后异常大，已停止读取。请在 Excel 或 WPS 里另存为新的 .xlsx 再导入。"
    ),
    "schedule_damaged": zh("文件已损坏，读不出来。请在 Excel 或 WPS 里打开，另存为 .xlsx 再导入。"),
    "schedule_xlsb": zh("这是二进制工作簿（.xlsb）。请另存为 .xlsx 再导入。"),
    "schedule_encoding": zh("文字的编码读不出来。请另存为 .xlsx，或 UTF-8 编码的 .csv 再导入。"),
    "schedule_too_many_cells": zh(
        "工作表“%(sheet)s”的内容一直到第 %(rows)s 行、第 %(columns)s 列，超出了限度。请删去表外多"
        "余的行列后再导入。"
    ),
    "schedule_word": zh("这是文字文档，不是计划文件。请把其中的计划表另存为 Excel 表再导入。"),
    "schedule_pdf": zh("这是 PDF，不是计划文件。请导入原来的计划文件或 Excel 表。"),
    "schedule_picture": zh("这是图片，不是计划文件。请导入原来的计划文件或 Excel 表。"),
    "schedule_web_page": zh("这是网页或别的 XML，不是计划文件。请导入原来的计划文件或 Excel 表。"),
    "schedule_not_workbook": zh(
        "这不是计划文件。请选择 Project、Primavera、Planner 文件或 Excel 表。"
    ),
}
