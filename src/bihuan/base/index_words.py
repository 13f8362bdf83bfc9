"""What is wrong with an index's input: one sentence for each code of the engine.

The offline command line and the assessment room say the same sentences, each in its own way of
finding the reader's language.
"""

from collections.abc import Mapping

from bihuan.base.text import zh

SENTENCES: Mapping[str, str] = {
    # reading the tables
    "not_text": zh("不是文本文件。请另存为 UTF-8 编码的 CSV。"),
    "not_workbook": zh("不是可读的 Excel 工作簿。请用 .xlsx 格式另存。"),
    "empty_file": zh("是空的。请检查文件。"),
    "heading_twice": zh("列名“%(found)s”重复。请改名或删去一列。"),
    "not_number": zh("应为数字，现为“%(found)s”。请改成数字，缺数就留空。"),
    "not_whole": zh("应为整数，现为“%(found)s”。请改成整数。"),
    "not_computed": zh("公式“%(found)s”没有算出的数。请用表格软件打开、重算、另存。"),
    "too_many_cells": zh("有 %(found)s 格，比表头的 %(wanted)s 格多。请补表头，或删去多出的格。"),
    "no_column": zh("缺少“%(found)s”列。请补上。"),
    "no_data_column": zh("指标“%(found)s”在 %(data)s 里没有列。请补上这一列，或从指标表删去。"),
    "unknown_column": zh("列“%(found)s”在指标表里没有登记。请登记，或删去这一列。"),
    "no_code": zh("没有代码。请填上代码，或删去这一行。"),
    "no_rows": zh("没有数据行。请至少填一行。"),
    "unit_twice": zh("单位“%(unit)s”出现了两次（前一次在第 %(first)s 行）。请删去一行。"),
    "node_twice": zh("代码“%(node)s”出现了两次（前一次在第 %(first)s 行）。请改名或删去一行。"),
    "unknown_type": zh("类型“%(found)s”不认识。可用 Indicator、Aggregate、Group、Denominator。"),
    # the tree
    "unknown_parent": zh("“%(node)s”的上级“%(parent)s”不存在。请改上级，或补上这一项。"),
    "direction": zh("“%(node)s”的方向只能是 1 或 -1。请改正。"),
    "weight": zh("“%(node)s”的权重是 %(found)s，应为不小于零的数。请改正。"),
    "level": zh("“%(node)s”的层级不低于它的上级“%(parent)s”。请改层级。"),
    "cycle": zh("“%(node)s”的上级绕回了它自己。请改上级。"),
    "roots": zh("应只有一个没有上级的总项，现有 %(found)s 个：%(nodes)s。请改上级。"),
    "childless": zh("汇总项“%(node)s”下面没有指标。请补上，或删去它。"),
    "no_weight": zh("“%(node)s”下面的权重全是零。请至少给一项权重。"),
    "no_nodes": zh("指标表里没有指标。请填写指标表。"),
    "shape": zh("数据是 %(found)s，指标表要求 %(wanted)s。请核对。"),
    "no_units": zh("没有单位。请填数据表。"),
    "infinite": zh("“%(unit)s”的“%(node)s”是无穷大。请改正。"),
    "no_denominator": zh("“%(node)s”的分母“%(denominator)s”在数据表里没有列。请补上。"),
    "empty": zh("指标“%(node)s”一个数也没有。请填数，或删去这个指标。"),
    # the recipe on the data
    "zero_denominator": zh("“%(unit)s”的分母“%(node)s”是零，不能折算。请改正或留空。"),
    "nobody_left": zh("按 %(field)s = %(found)s 筛选后没有单位了。请调低门槛。"),
    "unknown_group": zh("%(field)s 里的分组“%(found)s”不存在，可用：%(known)s。请改正。"),
    "no_group_named": zh("按组插补要在 %(field)s 写明分组列。请补上。"),
    "no_years": zh("%(field)s = %(found)s 需要多年数据（Time 列）。请换一种插补方法。"),
    "constant": zh(
        "指标“%(node)s”各单位都是 %(found)s，没有差别，不能无量纲化。请删去它或改方法。"
    ),
    "not_normalised": zh(
        "“%(unit)s”的“%(node)s”是 %(found)s，按现用方法算不出无量纲值。请改数据或改方法。"
    ),
    "child_missing": zh("“%(unit)s”的“%(node)s”下面有缺数，而方案要求齐全。请补数或放宽。"),
    "not_positive": zh(
        "“%(unit)s”的“%(child)s”是 %(found)s，不为正数，“%(node)s”不能用 %(how)s。"
        "请改用别的汇总方法，或让无量纲值的下限大于零。"
    ),
    "not_aggregated": zh("“%(unit)s”的“%(node)s”按 %(how)s 算不出。请改方法或补数。"),
    "two_children": zh("%(how)s 只能用于恰有两项的汇总项，现有 %(found)s 项。请改方法。"),
    "negative_for_bod": zh("数据包络法要求得分不为负，现有 %(found)s。请改无量纲化的下限。"),
    "negative_for_entropy": zh("“%(node)s”下面有负数，不能用熵权法。请改无量纲化的下限。"),
    "no_spread": zh("“%(node)s”下面有没有差别的项，%(how)s 法定不了权。请换定权方法。"),
    "mixed_signs": zh("“%(node)s”下面各项的主成分载荷符号不一致，不能用来定权。请换定权方法。"),
    "no_judgement": zh("层次分析法缺少“%(node)s”的判断矩阵。请在方案里补上。"),
    "judgement_size": zh("“%(node)s”的判断矩阵应为 %(wanted)s 阶。请改正。"),
    "not_reciprocal": zh("“%(node)s”的判断矩阵不是正互反矩阵。请改正。"),
    "inconsistent": zh("“%(node)s”的判断矩阵一致性比率为 %(found)s，超过 0.1。请重新判断。"),
    "no_level": zh("%(field)s = %(found)s：没有这一层。请改层号。"),
    "levels": zh("%(field)s 写了 %(found)s 个，应为 1 个或 %(wanted)s 个（每层一个）。请改正。"),
    "unknown_node": zh("%(field)s 里的“%(found)s”不在指标表里。请改正。"),
    "unknown_unit": zh("没有单位“%(unit)s”。请检查代码。"),
    "unknown_year": zh("%(field)s = %(found)s：没有这一年，可用：%(known)s。请改正。"),
    "adjustment_of_nobody": zh("加减分“%(reason)s”既没有写单位，也没有写条件。请补上。"),
    # the method
    "unknown_table": zh("方案里的 [%(found)s] 不认识，可用：%(known)s。请改正。"),
    "not_table": zh("方案里的 %(found)s 应写成一节（[%(found)s]）。请改正。"),
    "unknown_key": zh("方案里的 %(field)s 不认识，可用：%(known)s。请改正。"),
    "unknown_choice": zh("%(field)s = “%(found)s”不认识，可用：%(known)s。请改正。"),
    "not_fit": zh("%(field)s 不能是“%(found)s”。请改正。"),
    "not_share": zh("%(field)s 应在 0 和 1 之间，现为 %(found)s。请改正。"),
    "not_ordered": zh("%(field)s 的下限 %(low)s 不小于上限 %(high)s。请改正。"),
    "lacking": zh("缺少 %(field)s。请补上。"),
    "not_toml": zh("不是正确的 TOML：%(found)s。请改正。"),
    "no_file": zh("%(field)s 指的文件“%(found)s”不存在。请检查路径。"),
    # draws
    "no_design_columns": zh(
        "抽样方案里没有认得的列。列名可用 winmax、normalisation、aggregation、weights。"
    ),
    "unknown_weights": zh("权重组“%(found)s”不认识。请用 --weights 给出权重文件。"),
    "not_ticket": zh("%(field)s 应为整数，现为“%(found)s”。请改正。"),
    "not_constant": zh("抽样方案的 %(field)s 列应每行相同且是数，现为 %(found)s。请改正。"),
    "one_year_only": zh("这一步只能用一年的数据，现有 %(found)s 年。请用 --year 选一年。"),
    "other_draws": zh("两年用的抽样不同，不能逐次相比。请用同一种子重算。"),
    "no_common_draws": zh("没有一次抽样两年都算得出，不能逐次相比。请换做法或增加抽样次数。"),
    "nothing_varies": zh("没有不确定的输入。请至少给一种。"),
    "too_many_inputs": zh("沙普利效应最多 %(most)s 个输入，现有 %(found)s 个。请减少。"),
    "all_failed": zh("所有抽样都算不出，原因见下一句。请检查各种做法能否并用。"),
    # reasons and goals
    "other_ties": zh("并列规则“%(found)s”的位次不能归因；前后两次须相同，可用：%(known)s。"),
    "other_edition": zh("两次的方案不同，得分不能逐指标相比。请看位次归因。"),
    "unranked": zh("单位“%(unit)s”没有位次。请检查它的数据。"),
    "not_explained": zh(
        "“%(unit)s”的位次变动 %(wanted)s 没能复算出来（得 %(found)s）。请把两次运行交给维护人员。"
    ),
    "one_goal": zh("请只给一个目标：--gain、--rank 或 --leave-last。"),
    "no_such_rank": zh("没有第 %(found)s 位，最多 %(most)s 位。请改目标。"),
    "no_levers": zh("没有抓手。请至少给一个可以改善的指标。"),
    "negative_lever": zh("“%(node)s”的代价、上限和步长都应是不为负的数。请改正。"),
    "lever_twice": zh("抓手“%(node)s”写了两次。请删去一次。"),
    "lever_without_value": zh("“%(unit)s”的“%(node)s”没有数，不能作抓手。请先补数，或删去它。"),
}
