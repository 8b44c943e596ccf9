"""Words of Chinese questions: what is measured, what asks, what compares, what leans on words before.

Vocabulary only, for the modules that take questions apart (`rag.coordinate`, `rag.inrow`, `rag.followup`).
"""

from __future__ import annotations

import re

from rag import measures

_QUALIFIED = r"(?:同比|环比|经调整|调整后|归母|综合|平均|总|营业|海外|广告|年化|累计|月度|预期|股东应占|最大|每股)*"
_RATE = r"(?:(?![的年月季度和与及、])[一-龥]){1,4}率"
_WORD = (
    r"(?:收入|营收|净?利润率?|毛利润?|净利|溢利|亏损|净息差|[利净费赔股胜]率|[毛净]利率|(?:市占|利润|费用|赔付|不良|收益|换手|覆盖|渗透|增长|波动|股息|负债|充足|周转|退货|违约|续保|转化|留存|[客上][座房位]|产销|签约|使用|中标)率|(?:出[租货]|入住|开工|产能利用|自给|国产化|良品|稼动|增持|复购|续费|付费|折旧|逾期|拨备覆盖)率"
    r"|[同环]比变[动化]|份额|占比|增[速幅]|[涨跌升降]幅|销量|产量|出货量|交付量|费用|投入|开支|股息|收益|超额|回撤|误差|夏普(?:比率)?"
    r"|现金|市值|收盘价|股价|目标价|均价|单价|售价|价格|市[盈净销]率|评级|表现|规模|余额|总额|成本|数量|人数|GMV|EBITDA?|EPS|[PI]C均值)"
)
NAMED_MEASURE = re.compile(_QUALIFIED + _WORD)
"""A measure by its own word, wherever it stands."""
MEASURE_AT_END = re.compile(rf"{_QUALIFIED}(?:{_WORD}|{_RATE}|比[例重])$")
GROWTH = re.compile(
    r"(?:同比|环比|按年)*(?:增[速幅]|[涨跌]幅)|(?:同比|环比|按年)(?:变[动化]|增减)(?:幅度?)?"
)
"""A measure of another measure: 收入和同比增速."""
GAP = re.compile(r"(?:各自?|分别)*(?:是|为|有|达到?)?(?:多少|(?<![哪第])几|多大)[^，。？]{0,4}$")
LEANS = re.compile(
    r"^(?:占|比(?=上|去|前|同期|年初)|同比|环比|按年|较|增[长速幅]|下降|提高|降低|[涨跌升降][了幅])"
)
"""What a clause begins with that says nothing of what it measures."""
EACH = re.compile(r"分别|(?<!.[按以])各(?![项个类种家大单地国方])自?")
"""What asks after every one of several."""
WHO = re.compile(
    r"谁|哪一?[个边家只端项种款块类批组支条档方年]"
    r"(?:季度|月份?|公司|银行|业务|产品|平台|板块|品牌|地区|市场|指数|基金|组合|策略|因子|行业)?"
)
"""What asks for one of several."""
APART = re.compile(
    r"(?:的?差距|之差|相差|差)(?:了|有|是|为|到)?(?:多少|几(?![年月天])|多大)[^，]{0,6}$"
)
ASKS = re.compile(
    r"多少|(?<![近好前后])几|什么|[哪谁]|怎|如何|为何|吗|呢$|多[大高长快]|是[升涨增]是[降跌减]|[升涨增]了?还是[降跌减]|相差|差距|更[高低多少大小快慢贵]"
)
SOONER = re.compile(
    r"的?(?:发生|进行|实施)?的?(?:时间|日期|时点)[，,](?:哪[家个一项]?|谁)[^，？?]{0,16}?更?(?P<which>早|晚|先|后)[^，？?]{0,4}[？?。]?$"
)
"""The end of a question which of two things came first: …的时间，哪家更早."""
AT_END = re.compile(r"(?:季度?|Q[1-4]|半年|[年月])[末底]", re.I)
"""The last day of a quarter, a half, a month or a year."""
REACHED = re.compile(r"(?:[降升增减跌涨扩缩]|提高|下调|上调)(?:低|长|升)?[至到]")
"""A question after the level that something went to, not where it came from: 降至多少."""
BEFORE = re.compile(
    r"(?:[上下]调|调[整低高]|修[订正]|变更|[提降]价|改革|升级|收购|并购|重组)[^，。？?]{0,12}(?:之前|以前|(?<![目当])前)(?!三)"
    r"|(?<![比较])(?:原先|原来|原本)(?!的?计划)|\bbefore the (?:cut|upgrade|downgrade|revision|change|increase)",
    re.IGNORECASE,
)
"""A question after the level that something came from: 下调之前的预测."""
OLD = re.compile(
    r"(?:原(?![材料油煤奶值]|因)|前次|上次|此前|旧|(?:调整|修订|变[动更])前)[\u4e00-\u9fff]|(?:old|previous|prior|former)\b",
    re.IGNORECASE,
)
"""The head of a column of what was changed since: 原目标价."""
OLDER = re.compile(
    r"原[有先来]?|前次|上次|此前|之前|以前|旧|\b(?:old|previous|prior|former|before)\b",
    re.IGNORECASE,
)
REST = re.compile(
    r"^(?:大约|大概|约|每[^，多高低]{1,2}|这?[两二三][个者家边][^，差多]{0,4}|之间|分别|具体|各自?|又)*"
    r"(?:(?:相?差距?|幅度)(?:分别|各)?(?:有|是|为|了|到|达)?(?:多少|几|多大|多高)|(?:[高低多少大小快慢贵]|领先|落后)(?:出|赚|卖)?了?(?:多少|几))[^，]{0,6}$"
)
"""What asks for nothing that a comparison does not tell: 高多少, 差几个百分点."""

_SIDE = re.compile(
    r"^(?P<who>[^，。？?]{1,12}?)(?:比(?P<than>[^，。？?]{1,12}?))?(?=(?:[高低多少大小快慢贵]|领先|落后)(?:出|赚|卖)?了?(?:多少|几))"
)


_WHICH = re.compile(
    r"^(?:(?:哪一?[个家边者项]?|谁)(?:[涨跌升降增卖赚]得?)?(?:更|最|比较)?[高低多少大小快慢贵强弱]一?[些点]?"
    r"|(?:分别|各自?|两[边者]|双方)+(?:是|为|有)?多少)(?:$|[、，, ]+)"
)
"""What asks which side is ahead, or once more for both."""

_GIVE = re.compile(
    r"^(?:请|麻烦)?(?:把|给出|列出|说出)(?:[这那]?[两二三]个|各自?的?|具体)?(?:数|数值|数字|数据)(?:都|也)?(?:给我|给出|列出|说一?下)?[吧来]?$"
)
_AGAIN = re.compile(
    r"^(?:具体|大概|其|分别|各自?)*(?P<what>[^，是为有达多]{0,6}?)(?:分别|各)?(?:是|为|有|达)?多少$"
)
"""What asks once more for the figure by which one of several was told: 增速多少."""
_EITHER = frozenset({"前者", "后者", "两者", "二者"})


def repeats(clause: str, before: str) -> bool:
    """Return whether a clause asks once more for the figures by which one of several is told."""
    again = _AGAIN.match(clause)
    known = again and (again["what"] in before or again["what"] in ("同比", "环比"))
    return bool(_GIVE.match(clause) or (known and WHO.search(before)))


def measure_of_each(clause: str) -> str:
    """Return the measure that a clause asks for of each of several: 平均收益率 of 平均收益率分别多少, else ""."""
    found = _EACH_OF.match(clause)
    return found["what"] if found and MEASURE_AT_END.search(found["what"]) else ""


_EACH_OF = re.compile(r"(?P<what>[^，是为有达多？?]{2,8}?)(?:分别|各自?)(?:是|为|有)?多少$")


def adds_nothing(clause: str, before: str) -> bool:
    """Return whether a clause asks no more than how far the two that stand before it are apart.

    高多少, 哪个更快、快几个点, and with the name of a side: 阿里领先多少.
    """
    while rest := _WHICH.match(clause):
        clause = clause[rest.end() :]
    if not clause or REST.match(clause) or repeats(clause, before):
        return True
    side = _SIDE.match(clause)
    named = (name for name in (side.groups(default="") if side else ()) if name)
    if side is None or not all(name in _EITHER or name in before for name in named):
        return False
    return bool(REST.match(clause[side.end() :]))


_UNIT = re.compile(r"(?:多少|几)(?P<unit>[百千万亿]*[^，个点成倍次%％]{1,3})$")


def unit(clause: str) -> str:
    """Return the unit in which `clause` asks how far two are apart; "" where theirs need not be it.

    Two shares are points apart, two sums of dollars are dollars apart.
    """
    found = _UNIT.search(clause)
    return found["unit"] if found else ""


def is_measure(words: str) -> bool:
    """Return whether `words` name something that is measured, in either language."""
    return bool(measures.named(words) or MEASURE_AT_END.search(words))


def late(text: str) -> bool:
    """Return whether a question which of two came first asks for the later one."""
    found = SOONER.search(text)
    return found is not None and found["which"] in "晚后"
