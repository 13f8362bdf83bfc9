"""What a box refuses or finds changed, and what is wrong with a share: codes as sentences."""

from bihuan.base.text import zh

SENTENCES = {
    # Refusals of the box: each says what to do next.
    "box_not_open": zh("现在不收票。请等主持人宣布。"),
    "box_another_ballot": zh("这张票已经投过了，投的不是这一份。一张票只算一次，先投的算数。"),
    "box_copied": zh("这一封票已经用别的票证投过，不收。请刷新页面，重新封票再交。"),
    "box_void_slip": zh("这张票已经作废，或不是这次的票。请问会务人员。"),
    "box_wrong_category": zh("这张票属于另一类人员，不收。请刷新页面再试。"),
    "box_too_large": zh("票面太大，没有收。请缩短意见再提交。"),
    "box_misshapen": zh("送来的不是一份封好的票，没有收。请刷新页面再试。"),
    "box_no_first_entry": zh("这张纸票还没有第一遍，或上次两遍不一致已退回。请从第一遍录起。"),
    "box_typed_already": zh("这张纸票已录过第一遍，请另一人录第二遍。"),
    "box_papers_pending": zh("还有 %(count)d 张纸票只录了一遍。请录完第二遍，或撤销第一遍。"),
    "box_wrong_step": zh("票箱现在在“%(phase)s”，不能到“%(to)s”。阶段只进不退。"),
    "box_not_yet": zh("投票没有结束，谁也不能看。"),
    "box_forgotten": zh("核对期已过，封着的票已经销毁，只留票根和分栏。"),
    "box_settled": zh("这个票箱已经计过票，内容不同，不能再写。"),
    "box_unsound": zh("票箱与日志不符，不能开箱：%(faults)s"),
    "box_exists": zh("这个位置已经有票箱文件。请查明来历。"),
    "box_not_a_box": zh("票箱文件不在，或不是票箱。请从备份找回。"),
    "box_no_key": zh("票箱的日志钥匙不在，或不是这只票箱的。请从备份找回。"),
    "box_not_stored": zh("没有存成，什么也没有改变。请稍后原样再提交一次。"),
    "box_full": zh(
        "服务器的磁盘满了，这一票没有收到。请告诉会务人员，腾出空间后原样再交，票不会丢。"
    ),
    "box_busy": zh("票箱正忙，这一票没有收到。请稍后原样再交一次，票不会丢。"),
    # What the judge of the box finds.
    "box_file_damaged": zh("票箱文件坏了：%(detail)s。请停用，找回备份，查明原因。"),
    "box_head_not_on_log": zh(
        "公示过的箱头（%(size)d 票）不在这份日志上：文件被换过，或是旧备份。"
    ),
    "box_box_replaced": zh("这是另一只票箱的文件。"),
    "box_log_replaced": zh("票箱的日志钥匙被换过。"),
    "box_plan_replaced": zh("票箱里的方案被换过。"),
    "box_identity_forged": zh("票箱的全部箱头都不是它自己的钥匙签的：整只票箱是换来的。"),
    "box_head_forged": zh("%(size)d 票时的箱头签名不成立。"),
    "box_batch_altered": zh("日志里 %(after)d 至 %(size)d 票之间的票根被改过。"),
    "box_ballot_twice": zh("票 %(leaf)s 在日志里出现两次。"),
    "box_ballot_inserted": zh("票 %(leaf)s 不在日志里：是后来塞进去的。"),
    "box_ballot_edited": zh("票 %(leaf)s 的内容被改过。"),
    "box_ballot_deleted": zh("票 %(leaf)s 在日志里，却不在票箱里：被抽走了。"),
    "box_ballot_without_right": zh("票 %(leaf)s 没有用掉任何票证：不是从门口进来的。"),
    "box_ballot_with_rights": zh("票 %(leaf)s 用掉了 %(count)d 张票证。"),
    "box_right_without_ballot": zh("有一张票证用掉了，它的票 %(leaf)s 却不在。"),
    "box_not_forgotten": zh("票箱已封存，“%(table)s”里却还有东西。"),
    "box_counts_altered": zh("票箱封存的张数与箱头不符。"),
    "box_closing_missing": zh("投票已经结束，却没有结束时的箱头。"),
    "box_closing_forged": zh("结束时的箱头签名不成立。"),
    "box_reopened": zh("票箱在 %(size)d 票时已经结束，后来又被打开过。"),
    "box_cast_after_close": zh("结束时 %(closed)d 票，现在 %(size)d 票：结束以后又进了票。"),
    "box_final_forged": zh("计票后的箱头签名不成立，或与日志不符。"),
    # Shares of the seal's key.
    "share_length": zh("第 %(share)d 份应有 %(expected)d 个字符，现有 %(got)d 个。请照原样输全。"),
    "share_line": zh("第 %(share)d 份的第 %(lines)s 行输错了。请照原样再输。"),
    "share_mistyped": zh("第 %(share)d 份输错了。请照原样再输。"),
    "share_other_box": zh("第 %(share)d 份不是这次投票的。"),
    "share_twice": zh("第 %(share)d 份和第 %(same_as)d 份是同一份。请换一个人的。"),
    "shares_too_few": zh("要 %(need)d 份，现在有效的 %(got)d 份。请再请一位持份人。"),
    "shares_disagree": zh("这几份凑不出这次投票的密钥。请核对是否有别次会议的。"),
}
