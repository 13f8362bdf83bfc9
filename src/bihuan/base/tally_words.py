"""Faults of plans, ballots, counts and bundles as sentences, and the short words of a result.

The command line and the ballots' pages say the same, each in its own way of finding the reader's
language.
"""

from collections.abc import Mapping

from bihuan.base.text import zh

SENTENCES: Mapping[str, str] = {
    # the plan, as it is read
    "plan_unknown_schema": zh(
        "方案的格式“%(found)s”不认识，应为 %(known)s。请用本系统导出的方案。"
    ),
    "plan_unknown_key": zh("方案的 %(field)s 不认识，可用：%(known)s。请改正。"),
    "plan_unknown_choice": zh("方案的 %(field)s 不能是“%(found)s”，可用：%(known)s。请改正。"),
    "plan_lacking": zh("方案缺少 %(field)s。请补上。"),
    "plan_not_fit": zh("方案的 %(field)s 不能是“%(found)s”。请改正。"),
    "plan_not_code": zh("方案的 %(field)s 是“%(found)s”，代码只能用文字、数字、点、横线。请改正。"),
    "plan_not_fraction": zh(
        "方案的 %(field)s 是“%(found)s”，应写成 3、0.3 或 3/10 这样的数。请改正。"
    ),
    "plan_not_whole": zh("方案的 %(field)s 是“%(found)s”，应为不小于 %(least)s 的整数。请改正。"),
    "plan_too_long": zh("方案的 %(field)s 有 %(found)s 个字，最多 %(most)s 个。请缩短。"),
    "plan_unseen_signs": zh("方案的 %(field)s 里有看不见的符号：“%(found)s”。请重新输入。"),
    # the plan, as it hangs together
    "plan_not_box": zh("票箱编号“%(found)s”不是 32 位十六进制数。请重新建立票箱。"),
    "plan_twice": zh("方案的 %(field)s “%(found)s”与第 %(first)s 行重复，票上分不清。请改名。"),
    "plan_negative": zh("方案的 %(field)s 是 %(found)s，不能小于零。请改正。"),
    "plan_no_weight_at_all": zh("方案的 %(field)s 的权重全是零。请至少给一项权重。"),
    "plan_unknown_code": zh("方案的 %(field)s 指的“%(found)s”不存在。请改正。"),
    "plan_merge_circle": zh("类别“%(found)s”并来并去又并回自己。请改 %(field)s。"),
    "plan_seal_shares": zh(
        "密钥不能分成 %(of)s 份、凑 %(need)s 份打开。请改成 2 到 15 份，至少 2 份打开。"
    ),
    "plan_not_in_opinions": zh("征求意见不用 %(field)s。请删去。"),
    "plan_nothing_to_say": zh("征求意见却不收意见，票上就没有内容了。请允许填写意见。"),
    "plan_too_few": zh("方案的 %(field)s 至少要 %(least)s 项。请补上。"),
    "plan_nobody_rated": zh("没有参加测评的单位。请至少选一个。"),
    "plan_reserved": zh("等次代码“%(found)s”另有用处（弃权、未填、本单位、作废）。请换一个。"),
    "plan_grade_order": zh(
        "方案的 %(field)s 是 %(found)s，等次要由好到差排，分数依次降低。请改正。"
    ),
    "plan_good_not_top": zh("算作“好”的等次“%(found)s”应从最好的一等起连着数。请改正。"),
    "plan_cap_of_ballot": zh("按整票限额，超了只能整票作废。请改 %(field)s。"),
    "plan_cap_caps_nothing": zh(
        "限额 %(found)s 个不起作用：一共只有 %(room)s 个空格。请改小，或不设限额。"
    ),
    "plan_band_order": zh("方案的 %(field)s 是 %(found)s，比上一档的要求还高。请由高到低排。"),
    "plan_band_last": zh("最末一档还设了条件，会有人哪档也进不去。请去掉 %(field)s 的条件。"),
    "plan_not_share": zh("方案的 %(field)s 是 %(found)s，应在 0 和 1 之间。请改正。"),
    "plan_unknown_tie": zh("并列时看的“%(found)s”不认识（%(field)s）。请改正。"),
    "plan_ties_end": zh("并列规则应以“shared”（并列）收尾，且只写一次。请改 %(field)s。"),
    "plan_no_ballot_part": zh("综合评价的组成里没有测评（ballot）。请补上。"),
    # a ballot
    "ballot_large": zh("票有 %(found)s 字节，超过了 %(most)s 字节。请缩短意见。"),
    "ballot_unreadable": zh("票读不出来。请刷新页面重填。"),
    "ballot_category": zh("票上写的类别是“%(found)s”，不是“%(known)s”。请刷新页面重填。"),
    "ballot_of_no_category": zh("票箱里有方案没有的类别“%(found)s”。请核对方案和票箱。"),
    "mark_of_stranger": zh("“%(subject)s”不在测评之列。请刷新页面重填。"),
    "mark_of_no_item": zh("“%(item)s”不是测评项。请刷新页面重填。"),
    "mark_unknown": zh("“%(found)s”不是票上的等次。请刷新页面重填。"),
    "mark_missing": zh("“%(subject)s”的“%(item)s”没有填。请填上，或选弃权。"),
    "own_in_part": zh("“%(subject)s”只有一部分项选了本单位。请各项都选，或都不选。"),
    "own_not_asked": zh("这次也评本单位，“%(subject)s”请照常填写。"),
    "own_twice": zh("本单位只能有一个，票上选了几个。请只留一个。"),
    "over_cap": zh("整张票最多给 %(most)s 个“%(grade)s”，现有 %(found)s 个。请减少。"),
    "over_cap_in_item": zh("“%(item)s”最多给 %(most)s 个“%(grade)s”，现有 %(found)s 个。请减少。"),
    "remark_not_asked": zh("这次不收意见。请删去意见再提交。"),
    "remark_of_stranger": zh("“%(subject)s”不在征求意见之列。请刷新页面重填。"),
    "remark_long": zh("对“%(subject)s”的意见有 %(found)s 个字，最多 %(most)s 个。请缩短。"),
    # composition
    "part_unknown": zh("方案里没有“%(part)s”这个组成部分。请核对。"),
    "part_twice": zh("“%(part)s”的分数给了两份。请只留一份。"),
    "part_stranger": zh("“%(part)s”的分数里有方案没有的单位“%(subject)s”。请改正。"),
    "part_off_scale": zh(
        "“%(part)s”给“%(subject)s”的 %(found)s 分不在 0 到 %(full)s 之间。请改正。"
    ),
    "part_lacking": zh("还没有“%(part)s”的分数。请先录入，没有的单位可以空着。"),
    # reconciliation
    "flow_negative": zh("类别“%(category)s”的 %(number)s 是 %(found)s，不能小于零。请查明。"),
    "flow_present": zh("类别“%(category)s”实到 %(present)s 人，比应到的 %(due)s 人多。请查签到。"),
    "flow_issued": zh(
        "类别“%(category)s”发出的票比实到的 %(present)s 人多 %(over)s 张。请查发票。"
    ),
    "flow_cast": zh(
        "类别“%(category)s”发出的票与投出 %(cast)s、退回 %(unused)s、未投 %(not_cast)s "
        "之和差 %(over)s 张。没有结果，请先查清。"
    ),
    "flow_void": zh("类别“%(category)s”的废票比投出的 %(cast)s 张还多。请查明。"),
    "flow_abstained": zh("类别“%(category)s”整票弃权的比有效票还多 %(over)s 张。请查明。"),
    "flow_category": zh("类别“%(category)s”在方案和核对表里不是都有。请核对。"),
    "flow_leaves": zh("核对表投出 %(cast)s 张，票箱日志里有 %(leaves)s 张。没有结果，请先查清。"),
    "flow_void_counted": zh("类别“%(category)s”报废票 %(said)s 张，计出 %(counted)s 张。请查清。"),
    "flow_accepted_counted": zh(
        "类别“%(category)s”报有效票 %(said)s 张，计出 %(counted)s 张。请查清。"
    ),
    "flow_abstained_counted": zh(
        "类别“%(category)s”报整票弃权 %(said)s 张，计出 %(counted)s 张。请查清。"
    ),
    "column_length": zh(
        "“%(category)s”对“%(subject)s”“%(item)s”的票列有 %(found)s 个，应为 %(wanted)s 个。请查清。"
    ),
    "column_set": zh("“%(category)s”对“%(subject)s”“%(item)s”的票列多出或缺少。请查清。"),
    "own_over": zh(
        "“%(category)s”里选“%(subject)s”为本单位的，比名单上多 %(over)s 人（“%(item)s”）。"
    ),
    "columns_unreadable": zh("票列读不出来。请换一份完整的文件。"),
    "reconciliation_unreadable": zh("核对表读不出来。请换一份完整的文件。"),
    "told_unreadable": zh("公布的结果读不出来。请换一份完整的文件。"),
    # a bundle
    "bundle_not_json": zh("不是 JSON 文件：%(detail)s。请换一份完整的公开包。"),
    "bundle_unreadable": zh("不是完整的公开包（%(detail)s）。请重新下载。"),
    "bundle_other_plan": zh("包里的方案不是签名时的方案：方案被换过或改过。"),
    "bundle_other_box": zh("方案是票箱 %(plan)s 的，签名根却是票箱 %(box)s 的。"),
    "bundle_other_key": zh("包里的日志公钥（%(found)s…）不是所给的那一把：票箱可能整个被换过。"),
    "bundle_head_of_other_box": zh("%(size)s 票时的签名根属于另一个票箱。"),
    "bundle_head_forged": zh("%(size)s 票时的签名根，签名不对。"),
    "bundle_head_order": zh("%(size)s 票时的签名根次序不对：日志只能增长。"),
    "bundle_no_heads": zh("包里没有投票过程中的签名根。请换一份完整的公开包。"),
    "bundle_leaf_twice": zh(
        "第 %(place)s 个票根 %(leaf)s… 与第 %(first)s 个相同：同一张票计了两次。"
    ),
    "bundle_leaves_missing": zh(
        "签名时有 %(size)s 个票根，包里只有 %(found)s 个：少了 %(over)s 个。"
    ),
    "bundle_leaves_added": zh("签名时有 %(size)s 个票根，包里有 %(found)s 个：多了 %(over)s 个。"),
    "bundle_batch_altered": zh(
        "第 %(after)s 票之后到第 %(size)s 票这一批，票根与签名根不合：这里有票被改、删或加。"
    ),
    "bundle_batch_order": zh("第 %(after)s 票之后到第 %(size)s 票这一批没有排序，可能留下了先后。"),
    "bundle_final_forged": zh("最后的签名根，签名不对。"),
    "bundle_final_root": zh("全部票根算出的根，与最后的签名根不合。"),
    "bundle_final_short": zh("最后的签名根只有 %(size)s 票，比投票过程中的还少。"),
    "bundle_station_missing": zh("还缺 %(wanted)s 个签名站的签名。"),
    "bundle_station_forged": zh("第 %(number)s 个签名站签的不是这个结果，或签名不对。"),
    "bundle_column_twice": zh("“%(category)s”对“%(subject)s”“%(item)s”的票列出现了两次。"),
    "bundle_column_altered": zh("“%(category)s”对“%(subject)s”“%(item)s”的票列被改过。"),
    "bundle_column_set": zh("“%(category)s”对“%(subject)s”“%(item)s”的票列多出或缺少。"),
    "bundle_columns_root": zh("票列的承诺与签名根不合：有票列连同承诺一起被改过。"),
    "bundle_reconciliation_altered": zh("核对表与签名时的不同：被改过。"),
    "bundle_told_altered": zh("公布的结果与签名时的不同：被改过。"),
    "bundle_row_set": zh("结果里“%(subject)s”“%(item)s”一行多出或缺少。"),
    "bundle_row_wrong": zh("“%(subject)s”“%(item)s”的结果与按票列重算的不同。"),
    "bundle_ranks_wrong": zh("“%(item)s”的位次与重算的不同。"),
    "bundle_told_wrong": zh("“%(subject)s”“%(item)s”没有按披露规则公布。"),
    "seen_unreadable": zh(
        "“%(found)s”不是签名根。请照大屏或结果单输入“票数:根”，根至少 %(least)s 位。"
    ),
    "seen_beyond": zh("见过 %(size)s 票时的签名根，这份日志却只有 %(found)s 票：后来的票不见了。"),
    "seen_forked": zh(
        "见过的 %(size)s 票时的根 %(root)s… 不在这份日志上：给人看的和公布的是两本账。"
    ),
    "other_box": zh("另一份是票箱 %(found)s 的，不能相比。请换同一次测评的包。"),
    "other_key": zh("两份的日志公钥不同：至少有一份是假的。"),
    "other_forked": zh("%(size)s 票时，两份各有一个签名根：有人给不同的人看不同的账。"),
    "other_lacks": zh("票根 %(leaf)s… 只在这一份里，另一份没有。"),
    "other_has": zh("票根 %(leaf)s… 只在另一份里，这一份没有。"),
    "other_differs": zh("两份的 %(part)s 不同。"),
    "key_unreadable": zh("“%(found)s”不是 64 位十六进制的钥匙。请照原样输入。"),
    "recount_key_asked": zh("请用 --share 给足密钥份，或用 --key 给密钥文件，只用一种。"),
    "recount_other_key": zh("这把钥匙打不开这个票箱。请换这次测评的密钥文件。"),
    "recount_lacks": zh("票根 %(leaf)s… 在公开包里，票箱副本里没有。"),
    "recount_has": zh("票根 %(leaf)s… 在票箱副本里，公开包里没有。"),
    "recount_column": zh("复票：“%(category)s”对“%(subject)s”“%(item)s”的票列与公布的不同。"),
    "recount_accepted": zh("复票：类别“%(category)s”有效票 %(found)s 张，公布的是 %(wanted)s 张。"),
}

# Why a ballot is void: the short words of the reconciliation and of the printed sheet.
VOID_REASONS: Mapping[str, str] = {
    "ballot_sealed": zh("打不开"),
    "ballot_large": zh("过长"),
    "ballot_unreadable": zh("读不出"),
    "ballot_category": zh("类别不符"),
    "mark_of_stranger": zh("评了不在列的单位"),
    "mark_of_no_item": zh("评了没有的项"),
    "mark_unknown": zh("等次不明"),
    "mark_missing": zh("有漏填"),
    "own_in_part": zh("本单位只填一部分"),
    "own_not_asked": zh("不该回避本单位"),
    "own_twice": zh("本单位不止一个"),
    "over_cap": zh("超过限额"),
    "over_cap_in_item": zh("超过限额"),
    "remark_not_asked": zh("不收意见"),
    "remark_of_stranger": zh("意见对象不明"),
    "remark_long": zh("意见过长"),
}

# Why less is told of a row than its counts.
REASONS: Mapping[str, str] = {
    "few": zh("票太少，不公布"),
    "small_cells": zh("有的类别人少或意见一致，只公布约数或不公布"),
    "near_unanimous": zh("意见几乎一致，只公布范围"),
    "difference": zh("与已公布的只差几票，不再公布"),
    "no_marks": zh("没有有效票"),
    "empty_category": zh("有的类别没有有效票，按方案不出结果"),
}

# The steps of a verification, each as what it says when it holds.
CHECKS: Mapping[str, str] = {
    "form": zh("公开包完整可读"),
    "plan": zh("方案就是开箱时的方案"),
    "key": zh("日志公钥就是所给的那一把"),
    "heads": zh("每个签名根都签过名，票数只增不减"),
    "leaves": zh("票根一个不多、一个不少、一个没改"),
    "final": zh("最后的签名根覆盖全部票根"),
    "stations": zh("签名站签的是同一个结果"),
    "columns": zh("票列与承诺一致，没有改过"),
    "reconciliation": zh("应到、发出、投出、作废、未投，笔笔为零差"),
    "told": zh("公布的结果由票列重算一致"),
    "full": zh("全部票列、精确结果和披露规则一致"),
    "seen": zh("现场见过的签名根都在这份日志上"),
    "other": zh("与另一份说的是同一本账"),
}
