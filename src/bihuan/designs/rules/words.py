"""Why a drawing or a BCF file cannot be taken: one sentence for each code of `exchange`."""

from collections.abc import Mapping

from bihuan.base.text import zh

DRAWING: Mapping[str, str] = {
    "password": zh("文件“%(name)s”有打开密码，看不了。请去掉密码再传。"),
    "broken": zh("文件“%(name)s”打不开，可能没有传完整。请用原来的程序打开看看，另存后再传。"),
    "broken_page": zh("文件“%(name)s”第 %(page)s 页打不开。请另存为新的 PDF 再传。"),
    "no_pages": zh("文件“%(name)s”里一页也没有。请检查文件。"),
    "too_many_pages": zh(
        "文件“%(name)s”有 %(found)s 页，超过 %(most)s 页的上限。请分成几个方案，或只传要审查的图。"
    ),
    "too_many_pixels": zh(
        "图片“%(name)s”太大，超过 %(most)s 百万像素的上限。请缩小后再传，或另存为 PDF。"
    ),
    "too_much": zh("文件“%(name)s”太复杂，在限定的时间和内存里打不开。请简化或拆分后再传。"),
    "no_drawing": zh("方案只收 PDF 和图片（png、jpg、jpeg、webp）。文件“%(name)s”请另存后再传。"),
}

BCF: Mapping[str, str] = {
    "no_zip": zh("这不是 BCF 文件，或文件不完整。请从原来的程序重新导出 .bcf 或 .bcfzip。"),
    "too_large": zh("BCF 文件超过 %(most)s MB。请少导出几个议题，或不带截图。"),
    "too_many_entries": zh("BCF 文件里的条目超过 %(most)s 个，没有导入。请分几次导出。"),
    "too_many_topics": zh(
        "BCF 文件里有 %(found)s 个议题，超过一次 %(most)s 个的上限，没有导入。请分几次导出。"
    ),
    "bomb": zh("BCF 文件解开后异常大，已停止读取。请检查它的来源。"),
    "path": zh("BCF 文件里有指向文件之外的路径（%(name)s），已停止读取。请检查它的来源。"),
    "twice": zh("BCF 文件里有两个同名的条目（%(name)s），已停止读取。请重新导出。"),
    "password": zh("BCF 文件加了密码。请去掉密码再导入。"),
    "hostile": zh(
        "BCF 文件里有 BCF 不会写的内容（实体或文档类型声明），已停止读取。请检查它的来源。"
    ),
    "no_version": zh("BCF 文件没有写版本（bcf.version），没有导入。请从原来的程序重新导出。"),
    "edition": zh("只读 BCF 2.1 和 3.0，这个文件是 %(version)s。请导出为 2.1 或 3.0。"),
    "xml": zh("BCF 文件的版本或项目说明读不出来。请重新导出。"),
    "no_topics": zh("BCF 文件里没有议题。请至少选一个议题导出。"),
}
TOPIC: Mapping[str, str] = {
    "xml": zh("议题 %(folder)s：内容读不出来。请重新导出这一个。"),
    "xml_too_large": zh("议题 %(folder)s：内容太长。请精简后重新导出。"),
    "no_topic": zh("议题 %(folder)s：没有议题的内容。请重新导出。"),
    "guid": zh("议题 %(folder)s：编号（Guid）写法不对。请重新导出。"),
    "guid_twice": zh("议题 %(folder)s 出现了两次。请去掉一个再导入。"),
    "no_title": zh("议题 %(folder)s：没有标题。请补上再导入。"),
}
NOTES: Mapping[str, str] = {
    "snapshot_missing": zh("议题 %(folder)s：截图不在文件里，或太大，没有导入截图。"),
    "snapshot_no_picture": zh("议题 %(folder)s：截图不是 PNG 或 JPEG，没有导入截图。"),
    "snapshot_elsewhere": zh("议题 %(folder)s：截图指向别处，没有导入截图。"),
    "no_such_page": zh("议题 %(folder)s：所指的页不在这一版里，按全案意见导入。"),
}
