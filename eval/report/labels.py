"""Every word of the report, in both languages: key -> label in the user's language."""

from __future__ import annotations

from rag.language import say

WORDS: dict[str, tuple[str, str]] = {
    "report": ("Evaluation report", "评测报告"),
    "comparison": ("Two runs side by side", "两次运行对照"),
    "facts": ("What was run", "运行信息"),
    "more_facts": ("Settings, prompts, packages", "设置、提示词、软件包"),
    "summary": ("Summary", "总览"),
    "summary_note": (
        "Bars run from 0 to 1; the line across shows the 95 % interval. ↓ lower is better.",
        "条形自 0 到 1，横线为 95% 置信区间。↓ 表示越低越好。",
    ),
    "metric": ("Metric", "指标"),
    "mean": ("Mean", "均值"),
    "interval": ("95 % interval", "95% 区间"),
    "cases": ("cases", "题"),
    "difference": ("B − A", "B − A"),
    "verdict": ("Verdict", "结论"),
    "by_kind": ("By kind of question", "按题型"),
    "by_lang": ("By language of question", "按提问语言"),
    "by_document": ("By document", "按文档"),
    "by_document_note": (
        "A case counts for the document of its first gold quote; cases that no document answers "
        "are left out.",
        "每题计入首条原文依据所在的文档；没有文档可答的题不计。",
    ),
    "latency": ("Time to answer", "耗时"),
    "latency_note": (
        "Dashed line: median. Dotted line: 95th percentile.",
        "虚线为中位数，点线为第 95 百分位。",
    ),
    "total": ("whole answer", "完整回答"),
    "first_token": ("first token", "首个词元"),
    "median": ("median", "中位数"),
    "p95": ("95th percentile", "第 95 百分位"),
    "refusal": ("Refusal", "拒答"),
    "refusal_note": (
        "Tinted: where a case should end. Whether the answer is right is another matter.",
        "绿色为应有的去处；答得对不对另计。",
    ),
    "answerable": ("answerable", "可答"),
    "unanswerable": ("unanswerable", "不可答"),
    "answered": ("answered", "作答"),
    "refused": ("refused", "拒答"),
    "errors": ("error", "出错"),
    "odds": ("Answerability", "可答性判断"),
    "odds_note": (
        "The model's log-odds that the passages state the answer. Above: how many cases. "
        "Below, for a threshold at each value: the share of answerable questions under it, which "
        "would be refused, and of unanswerable ones over it, which would be let through.",
        "模型判断“段落写明了答案”的对数几率。上：题数分布。下：若以该值为门槛，可答题落在其下"
        "（被误拒）与不可答题落在其上（被放过）的比例。",
    ),
    "selective": ("Accuracy over coverage", "覆盖率与准确率"),
    "right_of_those": ("right of those", "其中答对"),
    "selective_note": (
        "Across: the share of all questions that would be answered if fewer were, the surest "
        "first. Up: how many of those answers are right. The dot is this run. Surest are answers "
        "found by the question's words alone, then by the model's log-odds with the share of the "
        "question that the citations cover.",
        "横轴：若门槛更高、只答把握较大的题，作答题占全部题目的比例。纵轴：其中答对的比例。"
        "圆点为本次运行。把握最大的是由问题用词直接定位的回答，其后按模型的对数几率加引文对问题的覆盖排序。",
    ),
    "figures": ("Figures checked", "数字核对"),
    "figures_note": ("Figures in answers, by outcome of the check.", "回答中的数字，按核对结果。"),
    "check": ("Check", "核对"),
    "in_right": ("in right answers", "在答对的题中"),
    "in_wrong": ("in wrong answers", "在答错的题中"),
    "verified": ("verified", "已核实"),
    "rounded": ("rounded", "取整后一致"),
    "derived": ("derived", "由原文推算"),
    "not_found": ("not found", "未找到"),
    "not_checked": ("not checked", "未核对"),
    "stages": ("Where cases were lost", "题目丢在哪一步"),
    "stages_note": (
        "A case counts once, at the earliest stage that lost something it needed.",
        "每题只计一次，计在最早丢失所需内容的一步。",
    ),
    "stage": ("Lost at", "丢失于"),
    "lost.error": ("error", "出错"),
    "lost.not_parsed": ("not parsed", "未解析到"),
    "lost.not_retrieved": ("not retrieved", "未检索到"),
    "lost.not_chosen": ("not chosen", "未选入"),
    "lost.not_written": ("not written", "未写出"),
    "lost.withheld": ("wrongly withheld", "误扣下"),
    "lost.wrong_figure": ("wrong figure kept", "错误数字未拦"),
    "lost.should_refuse": ("should have refused", "应拒未拒"),
    "why.error": ("the system stopped with an error", "系统报错中止"),
    "why.not_parsed": ("the quote is not in the text read from the file", "读出的文本中没有该句"),
    "why.not_retrieved": ("none of the 10 best hits holds it", "前 10 条结果均不含该句"),
    "why.not_chosen": ("a hit holds it, no passage shown does", "结果中有，给模型的段落中没有"),
    "why.not_written": ("a passage holds it, the draft does not", "段落中有，草稿中没有"),
    "why.withheld": (
        "the draft held it; the answer was refused or the sentence dropped",
        "草稿中有，但被拒答或该句被删",
    ),
    "why.wrong_figure": (
        "the evidence was there, and the answer states another figure or one that is forbidden",
        "依据就在眼前，回答却给了别的数字，或不该出现的数字",
    ),
    "why.should_refuse": (
        "the reports do not hold the answer, and one was given",
        "报告中没有答案，却作了答",
    ),
    "failures": ("Failures", "未答对的题"),
    "no_failures": ("None.", "无。"),
    "question": ("Question", "问题"),
    "understood": ("Understood as", "理解为"),
    "history": ("Earlier turns", "此前对话"),
    "expected": ("Expected", "应答"),
    "expected_refusal": ("a refusal: the reports do not hold the answer", "应拒答：报告中没有答案"),
    "expected_sources": ("the gold quotes among the hits", "检索结果应含原文依据"),
    "forbidden": ("must not state", "不得出现"),
    "or": ("or", "或"),
    "answer": ("Answer", "回答"),
    "reason": ("Reason", "原因"),
    "draft": ("Draft before checks", "核对前的草稿"),
    "no_draft": ("none: refused before writing", "无：动笔前已拒答"),
    "dropped": ("Withheld", "扣下的内容"),
    "log_odds": ("Log-odds of an answer", "可答的对数几率"),
    "citations": ("Citations", "引用"),
    "gold": ("Gold quotes", "原文依据"),
    "gold_sample": ("gold", "依据"),
    "hit_no": ("hit", "结果"),
    "passage_no": ("passage", "段落"),
    "not_in_document": ("not in the text read", "不在读出的文本中"),
    "not_in_hits": ("in no hit", "结果中没有"),
    "not_in_passages": ("in no passage", "段落中没有"),
    "passages": ("Passages shown to the model", "给模型看的段落"),
    "hits": ("Retrieved", "检索结果"),
    "marked_note": ("Gold quotes are marked: ", "原文依据以此标出："),
    "page": ("p.", "页"),
    "score": ("score", "得分"),
    "none": ("none", "无"),
    "filter": ("Filter", "筛选"),
    "all": ("all", "全部"),
    "kind": ("Kind", "题型"),
    "text": ("Text", "文字"),
    "language": ("Language", "语言"),
    "document": ("Document", "文档"),
    "relevant": ("relevant files", "相关文件"),
    "searched": ("searched", "仅检索"),
    "neither": ("stopped, or only searched", "出错或仅检索"),
    "together": ("all", "合计"),
    "pair_note": (
        "A before, B after, over the cases to which a metric applies in both. The interval is that "
        "of the difference; p is McNemar's where every score is 0 or 1, else the paired "
        "bootstrap's. ↓ lower is better.",
        "A 在前，B 在后；只比两次都适用的题。区间为差值的 95% 区间；得分非 0 即 1 时 p 为 McNemar "
        "检验，否则为配对自助法。↓ 表示越低越好。",
    ),
    "verdict.OK": ("OK", "持平"),
    "verdict.better": ("better", "变好"),
    "verdict.FAIL": ("FAIL", "变差"),
    "verdict.info": ("info", "仅供参考"),
    "open_all": ("Open all", "全部展开"),
    "close_all": ("Close all", "全部收起"),
    "shown": ("shown", "显示"),
    "flips": ("What changed", "变化"),
    "pair.lost": ("Right in A, wrong in B", "A 对 B 错"),
    "pair.won": ("Wrong in A, right in B", "A 错 B 对"),
    "pair.wrong": ("Wrong in both", "都错"),
    "pair.right": ("Right in both", "都对"),
    "only_a": ("Only in A", "仅 A 有"),
    "only_b": ("Only in B", "仅 B 有"),
    "right": ("right", "对"),
    "wrong": ("wrong", "错"),
    "same_facts": ("the same in both", "两次相同"),
    "metric.correct": ("right outcome", "结果正确"),
    "metric.unit_slip": ("right figure, wrong unit", "数对而单位错"),
    "metric.char_f1": ("character F1 with the expected answer", "与标准答案的字符 F1"),
    "metric.excess_figures": ("figures that were not asked for", "未问及的数字个数"),
    "metric.answer_chars": ("length of the answer, characters", "回答字数"),
    "metric.refused_answerable": ("answerable questions refused", "可答题被拒"),
    "metric.refused_unanswerable": ("unanswerable questions refused", "不可答题被拒"),
    "metric.wrong_shown": ("wrong answers shown", "给出了错误答案"),
    "metric.partial_correct": ("partly answerable questions right", "部分可答题正确"),
    "metric.recall": ("gold quotes within the best hits", "前几条结果所含依据"),
    "metric.recall@1500c": (
        "gold quotes within the first 1,500 characters retrieved",
        "检索前 1500 字所含依据",
    ),
    "metric.mrr@10": ("1 / rank of the first gold hit", "首个正确结果名次的倒数"),
    "metric.ndcg@10": ("gain of the 10 best, discounted by rank", "前 10 条的折损累计增益"),
    "metric.hit@1": ("best hit is gold", "首条即正确"),
    "metric.quote_validity": ("shown quotes that are exact", "引文与原文逐字一致"),
    "metric.citation_recall": ("gold quotes that were cited", "依据被引用的比例"),
    "metric.citation_precision": ("citations that hold gold", "引用中含依据的比例"),
    "metric.page_accuracy": ("citations with the right page", "引用页码正确"),
    "metric.unverified_figures": (
        "share of an answer's figures left unverified",
        "未能核实的数字占比",
    ),
    "metric.first_token_ms": ("milliseconds to the first token", "首词元毫秒数"),
    "metric.total_ms": ("milliseconds to the whole answer", "完整回答毫秒数"),
    "metric.prompt_tokens": ("tokens of the prompt", "提示词元数"),
    "metric.completion_tokens": ("tokens written", "生成词元数"),
    "metric.refusal_precision": ("refusals that were due", "拒答中应拒的比例"),
    "metric.refusal_recall": ("due refusals that were given", "应拒题中拒答的比例"),
    "metric.refusal_f1": ("harmonic mean of the two", "两者的调和平均"),
    "fact.set": ("Case set", "题集"),
    "fact.cases": ("Cases", "题数"),
    "fact.subset": ("Part of the set", "选取范围"),
    "fact.code": ("Code hash", "代码哈希"),
    "fact.stage": ("Stage", "阶段"),
    "fact.started": ("Started", "开始时间"),
    "fact.command": ("Command", "命令"),
    "fact.commit": ("Commit", "提交"),
    "fact.dirty": ("with uncommitted changes", "含未提交的改动"),
    "fact.machine": ("Machine", "机器"),
    "fact.models": ("Models", "模型"),
    "fact.profile": ("Profile", "模型组合"),
    "fact.prompts": ("Prompts", "提示词"),
    "fact.settings": ("Settings", "设置"),
    "fact.index": ("Index", "索引"),
    "fact.index_fingerprint": ("Index fingerprint", "索引指纹"),
    "fact.corpus": ("Corpus hash", "文档哈希"),
    "fact.workers": ("Workers", "并行数"),
    "fact.packages": ("Packages", "软件包"),
    "fact.python": ("Python", "Python"),
}
"""Key -> English, Chinese."""


def word(key: str) -> str:
    """Return the label of `key`.

    Raises:
        KeyError: There is no such label.
    """
    return say(*WORDS[key])


def word_or(key: str, fallback: str) -> str:
    """Return the label of `key`, or `fallback` where there is none."""
    return say(*WORDS[key]) if key in WORDS else fallback


def metric(name: str) -> str:
    """Return what a metric means in words; empty for one that has no words."""
    known = f"metric.{name}"
    family = f"metric.{name.partition('@')[0]}"
    return word_or(known, word_or(family, ""))
