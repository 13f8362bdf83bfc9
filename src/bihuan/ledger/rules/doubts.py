"""What the preview of an imported ledger says: a sentence for each doubt. Plain data.

Doubts and refusals come from `exchange.workbook` as codes with params; nothing is decided here. A
sentence says what was found, what was made of it, and what a person can do.
"""

from bihuan.base.text import zh

# The 23 columns in the order clerks expect (handbook section 4), and three that only others use.
FIELDS = {
    "order": zh("序号"),
    "number": zh("编号"),
    "source": zh("问题来源"),
    "source_number": zh("来源文号"),
    "category": zh("问题类别"),
    "problem": zh("问题描述"),
    "goal": zh("整改目标"),
    "measures": zh("整改措施"),
    "leader": zh("责任领导"),
    "lead_units": zh("牵头单位"),
    "assist_units": zh("配合单位"),
    "owner": zh("责任人"),
    "assigned_on": zh("交办日期"),
    "due": zh("完成时限"),
    "rect_kind": zh("整改类型"),
    "progress": zh("进展"),
    "evidence": zh("佐证材料"),
    "state": zh("状态"),
    "requested_on": zh("申请销号日期"),
    "opinion": zh("核查人与意见"),
    "closed_on": zh("销号日期"),
    "recheck": zh("回头看日期与结果"),
    "note": zh("备注"),
    "units": zh("责任单位"),
    "verifier": zh("核查人"),
    "place": zh("地点或对象"),
}

DEADLINE_KINDS = {
    "date": zh("日期"),
    "period_end": zh("期末"),
    "immediate": zh("立行立改"),
    "standing": zh("长期坚持"),
    "done": zh("已完成"),
    "unreadable": zh("读不懂"),
    "none": zh("没有写"),
}

SENTENCES = {
    # of the whole file
    "empty_file": zh("文件是空的。请选择填好的台账。"),
    "too_big": zh("文件超过 %(most)s MB。请去掉图片，或分成几个文件再导入。"),
    "bomb": zh("文件解开后异常大，已停止读取。请在 Excel 或 WPS 里另存为新的 .xlsx 再导入。"),
    "hostile": zh(
        "文件里有办公软件不会写的内容，已停止读取。请在 Excel 或 WPS 里另存为新的 .xlsx 再导入。"
    ),
    "damaged": zh("文件已损坏，读不出来。请在 Excel 或 WPS 里打开，另存为 .xlsx 再导入。"),
    "password": zh("文件加了密码。请去掉打开密码，另存后再导入。"),
    "xlsb": zh("这是二进制工作簿（.xlsb）。请另存为 .xlsx 再导入。"),
    "word": zh("这是 Word 文档。请把表格复制到 Excel，另存为 .xlsx 再导入。"),
    "pdf": zh("这是 PDF。请向填报单位索取 Excel 原件再导入。"),
    "picture": zh("这是图片。请向填报单位索取 Excel 原件再导入。"),
    "web_page": zh(
        "这是改了后缀的网页，不是 Excel 工作簿。请在 Excel 里打开，另存为 .xlsx 再导入。"
    ),
    "not_workbook": zh("这不是 Excel 工作簿。请选择 .xlsx、.xls 或 .csv 文件。"),
    "encoding": zh("文字的编码读不出来。请另存为 .xlsx，或 UTF-8 编码的 .csv 再导入。"),
    "too_many_cells": zh(
        "工作表“%(sheet)s”的内容一直到第 %(rows)s 行、第 %(columns)s 列，超出了限度。"
        "请删去表外多余的行列后再导入。"
    ),
    "no_rows": zh("“%(name)s”里没有找到问题台账。请检查有没有“问题”“整改措施”这样的表头。"),
    "old_format": zh(
        "这是旧格式（.xls）：公式出错的格子会读成空白。请核对，或另存为 .xlsx 再导入。"
    ),
    "gbk": zh("文件不是 UTF-8 编码，已按国标编码（GB 18030）读取。请核对有没有乱码。"),
    "template_kind": zh("只能写入 .xlsx 工作簿。请把模板另存为 .xlsx。"),
    # of a sheet
    "hidden_sheet": zh("工作表“%(sheet)s”是隐藏的，也读了。请核对要不要它。"),
    "hidden_rows": zh("工作表“%(sheet)s”有 %(rows)s 行是隐藏的，也读了。请核对。"),
    "hidden_columns": zh("工作表“%(sheet)s”的 %(columns)s 列是隐藏的，也读了。请核对。"),
    "empty_sheet": zh("工作表“%(sheet)s”是空的。"),
    "no_header": zh("工作表“%(sheet)s”的前 15 行里没有认出台账的表头，这张表没有导入。"),
    "no_problems": zh("工作表“%(sheet)s”有表头，下面没有问题。请检查。"),
    "same_meaning": zh(
        "工作表“%(sheet)s”的“%(heading)s”与“%(first)s”意思相同，已按原表头另存。请核对用哪一列。"
    ),
    "unknown_heading": zh("工作表“%(sheet)s”的“%(heading)s”列不认识，已按原表头保存。"),
    "no_problem_column": zh("工作表“%(sheet)s”没有“问题”列。请补上后再导入。"),
    "no_due_column": zh("工作表“%(sheet)s”没有“完成时限”列。请在交办前补上时限。"),
    "no_unit_column": zh("工作表“%(sheet)s”没有“责任单位”列。请在交办前补上单位。"),
    "blank_rows": zh("工作表“%(sheet)s”中间有 %(rows)s 个空行，已跳过。"),
    "total_row": zh("工作表“%(sheet)s”第 %(row)s 行是合计，没有当作问题：“%(text)s”。"),
    "note_row": zh("工作表“%(sheet)s”第 %(row)s 行是注或落款，没有当作问题：“%(text)s”。"),
    "header_again_row": zh("工作表“%(sheet)s”第 %(row)s 行又是表头，已跳过。"),
    "column_numbers_row": zh("工作表“%(sheet)s”第 %(row)s 行是列号，已跳过。"),
    "section_row": zh("工作表“%(sheet)s”第 %(row)s 行是分段标题，用作下面各行的类别：“%(text)s”。"),
    # of a cell: what is written there
    "cell_error": zh("%(cell)s“%(heading)s”：公式出错，现为 %(found)s。请在原表改正后再导入。"),
    "formula_unworked": zh(
        "%(cell)s“%(heading)s”：公式没有算出结果。请在 Excel 里打开并保存一次，再导入。"
    ),
    "comment": zh("%(cell)s“%(heading)s”有批注：“%(found)s”，随原文一起保存。请看要不要照办。"),
    "struck": zh("%(cell)s“%(heading)s”画了删除线，照常读了。请核对还要不要。"),
    "ditto": zh("%(cell)s“%(heading)s”：写的是“同上”，取上一个问题的“%(found)s”。请核对。"),
    "ditto_nothing": zh("%(cell)s“%(heading)s”：写的是“同上”，上面没有内容。请在原表填写。"),
    "differs": zh("%(cell)s“%(heading)s”：同一个问题的几行写得不同，已合在一起。请核对。"),
    # of a date
    "year_inferred": zh("%(cell)s“%(heading)s”：“%(found)s”没有写年份，按 %(day)s 读。请核对。"),
    "before_filed": zh(
        "%(cell)s“%(heading)s”：“%(found)s”没有写年份，照填报年度读就早于填报时间 %(filed)s。"
        "请核对年份。"
    ),
    "several_deadlines": zh("%(cell)s“%(heading)s”：同一个问题有几个时限，取最晚的一个。请核对。"),
    "date_unknown": zh("%(cell)s“%(heading)s”：“%(found)s”读不懂，原文保留。请在交办时填写日期。"),
    "date_no_such_day": zh(
        "%(cell)s“%(heading)s”：“%(found)s”里有日历上没有的日子，没有取用。请在原表改正。"
    ),
    "date_no_year": zh(
        "%(cell)s“%(heading)s”：“%(found)s”没有写年份，文件里也没有。请填“填报年度”再读一遍。"
    ),
    "date_no_month": zh("%(cell)s“%(heading)s”：“%(found)s”没有写月份，没有取用。请在原表写明。"),
    "date_odd_year": zh("%(cell)s“%(heading)s”：“%(found)s”的年份不对，没有取用。请在原表改正。"),
    "date_number": zh(
        "%(cell)s“%(heading)s”：“%(found)s”是数字，看不出是哪一天，没有取用。请在原表写明日期。"
    ),
    "date_relative": zh(
        "%(cell)s“%(heading)s”：“%(found)s”要从某一天算起，表里没有写哪一天。请在交办时填写日期。"
    ),
    "date_event": zh(
        "%(cell)s“%(heading)s”：“%(found)s”是节日或会议，看不出日期。请在交办时填写日期。"
    ),
    "date_only_start": zh(
        "%(cell)s“%(heading)s”：“%(found)s”只有开始，没有期限。请在交办时填写期限。"
    ),
    "date_undecided": zh("%(cell)s“%(heading)s”：“%(found)s”还没有定。请在交办时填写日期。"),
    "date_partly_done": zh(
        "%(cell)s“%(heading)s”：“%(found)s”说的是进度，不是期限。请核对，在交办时填写日期。"
    ),
    "date_several": zh("%(cell)s“%(heading)s”：“%(found)s”有几个日期，取最晚的 %(day)s。请核对。"),
    "date_backwards": zh(
        "%(cell)s“%(heading)s”：“%(found)s”的结束早于开始，取较晚的 %(day)s。请核对。"
    ),
    "date_also_standing": zh(
        "%(cell)s“%(heading)s”：“%(found)s”既有期限又要长期坚持，先按期限。请核对整改类型。"
    ),
    "date_recurring": zh(
        "%(cell)s“%(heading)s”：“%(found)s”是定期要做的事，按长期坚持读。请核对。"
    ),
    "date_approximate": zh("%(cell)s“%(heading)s”：“%(found)s”是约数，按 %(day)s 读。请核对。"),
    "date_lost_zero": zh(
        "%(cell)s“%(heading)s”：“%(found)s”是数字，末尾的 0 可能丢了，按 %(day)s 读。请核对。"
    ),
    "date_far_year": zh(
        "%(cell)s“%(heading)s”：“%(found)s”的年份只有两位，按 %(day)s 读，离填报年份较远。请核对。"
    ),
    "date_more_written": zh(
        "%(cell)s“%(heading)s”：“%(found)s”除日期外还写了别的，按 %(day)s 读。请核对。"
    ),
    "date_more_words": zh("%(cell)s“%(heading)s”：“%(found)s”里还写了别的。请核对。"),
    "date_no_day": zh("%(cell)s“%(heading)s”：这里要填日期，现为“%(found)s”。请核对。"),
    # of units
    "unit_unknown": zh(
        "%(cell)s“%(heading)s”：名册里没有“%(found)s”。请在“没有认出的单位”里指明它是哪个单位。"
    ),
    "unit_close": zh(
        "%(cell)s“%(heading)s”：名册里没有“%(found)s”，相近的有：%(close)s。"
        "请在“没有认出的单位”里指明。"
    ),
    "unit_person": zh("%(cell)s“%(heading)s”：“%(found)s”不在名册里，作责任人读。请核对。"),
    "units_more": zh(
        "%(cell)s“%(heading)s”：“%(found)s”用了“等”，单位没有列全。请在交办时补上其余的单位。"
    ),
    "role_unsaid": zh(
        "%(cell)s“%(heading)s”：“%(found)s”没有写明牵头还是配合，已有牵头单位，按配合读。请核对。"
    ),
    "several_leads": zh(
        "%(cell)s“%(heading)s”：有几个牵头单位：%(found)s。取认出的第一个牵头，其余作配合。请核对。"
    ),
    "no_lead": zh("%(cell)s：没有写牵头单位，先存为草稿。请在交办时选择单位。"),
    # of a problem
    "kind_unknown": zh(
        "%(cell)s“%(heading)s”：“%(found)s”不是立行立改、限期整改或长期坚持，按时限定。请核对。"
    ),
    "kind_differs": zh("%(cell)s“%(heading)s”：写的是“%(found)s”，时限却写“%(due)s”。请核对。"),
    "state_unknown": zh("%(cell)s“%(heading)s”：“%(found)s”不是台账的状态，没有取用。请核对。"),
    "no_problem": zh(
        "%(cell)s：这一行没有写问题，单独存为草稿。若是上一行的措施，请在原表合并“问题”格后再导入。"
    ),
    "no_due": zh("%(cell)s：没有写时限，先存为草稿。请在交办时定时限。"),
    "due_before_assigned": zh("%(cell)s：时限 %(found)s 早于交办日期 %(assigned)s。请核对。"),
    "same_number": zh("%(cell)s：编号“%(found)s”与 %(first)s 重复。请改正。"),
    "same_problem": zh("%(cell)s：与 %(first)s 是同一单位的同一问题：“%(found)s”。请核对。"),
}

# What a copy of the office's own workbook could not keep.
LOST = {
    "pictures": zh("图片没有带过来。请从原表复制。"),
    "shapes": zh("文本框和图形可能没有带过来。请对照原表检查。"),
    "controls": zh("按钮和控件没有带过来。请对照原表检查。"),
    "threaded_comments": zh("带回复的批注没有带过来。请对照原表检查。"),
    "extensions": zh("有些新版 Excel 的设置没有带过来（如跨表的下拉列表）。请对照原表检查。"),
    "unknown_columns": zh(
        "原表里有的问题这次没有导出，它们在其他列的内容没有地方放。请对照原表检查。"
    ),
}

# What a line that is no problem was taken for.
LINES = {
    "total": zh("合计行"),
    "note": zh("注释、落款"),
    "section": zh("分节标题"),
    "header_again": zh("重复的表头"),
    "column_numbers": zh("栏号"),
    "blank": zh("空行"),
}
