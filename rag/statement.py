"""A question after one figure -> the statement that answers it, with a gap where the figure goes.

"腾讯2024年收入是多少？" becomes "腾讯2024年收入为␣", and what may fill the gap is a sum of money. Reads
the words of the question only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag import asking
from rag.question import SOURCE, Query
from rag.units import Kind

_HOW_MANY = r"(?:多少|幾多|几)(?:百|千)?[万亿]*"
_CHANGE = re.compile(r"变化(?=了?$)|(?<= )changed(?= by $)")
_DID = re.compile(
    r"(?:by )?(?:how (?:much|fast|far|many (?:basis|percentage) points)|what (?:factor|multiple|percentage)) did (?P<what>.+?) "
    r"(?P<verb>change|grow|rise|fall|increase|decrease|decline|drop|climb|narrow|widen|shrink|improve)\b"
    r" ?(?:by )?(?P<tail>.*)",
    re.IGNORECASE,
)
_VERBS = (
    "post|report|record|achieve|have|reach|generate|earn|make(?! up)|book|bring in|register|deliver|see|suffer|find|guide|forecast"
    "|expect|estimate|project|set|target|assume|cite|quote|give"
)
"""What a company or an analyst does with a figure."""
_POSTED = re.compile(
    r"(?:.*?, )?(?:what|how much)(?P<kind>(?: (?!did\b|the\b)[\w&/-]+){1,6}) did (?P<who>.+?) "
    rf"(?:{_VERBS})\b ?(?P<tail>.*)",
    re.IGNORECASE,
)
"""What gross margin did it post in Q3?"""
_PAST = {"grow": "grew", "rise": "rose", "fall": "fell", "drop": "dropped", "shrink": "shrank"}
_TURNS = {"变化": {1: "增长", -1: "下降"}, "changed": {1: "rose", -1: "fell"}}
_FELL = re.compile(
    r"(?:少|下[降跌滑]|回落|[降跌亏])了?$|(?: fell| dropped| declined| decreased) by $"
)
_CHANGED = re.compile(
    r"(?:同比|环比|按[年季月]|比(?:上年|去年|年初|上季|上月|前一?年)|较(?:上年|去年|年初|上季|上月|期初)|year[- ]on[- ]year)",
    re.IGNORECASE,
)
"""How much one thing changed, not how far two are apart."""
_MOVED = re.compile(r"(?<!比)(?:增加|减少|提高|下降|提升)了多少")
"""The same, told by the verb alone; a comparison names what it is with."""
_ENDS = re.compile(r"[？?。.\s]+$")
_GAP = re.compile(
    rf"(?:的|了)?(?:多大|多高|多少|几成)的?(?P<share>比[重例]|份额)|(?:有|是|为)?多(?:[大高]|久|长时间|长)$|(?:是|为|有|达到?)?(?:大约|约|大概)?(?:的?百分之)?{_HOW_MANY}(?:个亿|个百分点|百分点|个?基点|个?(?:bps?|BPs?)|个点|百万|元人民币|美元|港元|港币|元|块钱|块|钱|新台币|GWh|股(?![利息权本])|[个成点家台辆部人艘户座片吨颗套次件名款笔项间所瓶箱桶只种枚张支架条倍%])?(?:了|呢|呀|啊)*"
)
_ASKS = re.compile(
    r"多少|有?多(?:[大高久长]|长时间)(?=[？?]*$)|多[大高]的?(?:比[重例]|份额)|百分之几|幾多|几(?=[百千万亿]*[个成点家台辆部人艘户座片股吨颗套次件名款笔项间所瓶箱桶只种枚张支架条倍块%])|\bhow (?:much|many|large|high|big|low|fast|long)\b"
    r"|\bwhat (?:percentage|share|proportion|factor|multiple|was|were|is|are)\b"
    rf"|^(?:.*?, )?what(?: (?!did\b)[\w&/-]+){{1,6}} did .+ (?:{_VERBS})\b"
    r"|(?<![和及与、])(?:收入|营收|利润|净利|毛利率|净利率|市盈率|市净率|市占率|渗透率|增速|增幅|降幅|销量|产量|数量|人数|金额|余额|总额|规模|市值|票房|价格|售价|占比|份额|[涨跌升降变]动?幅度?|变动)$"
    r"|(?<![A-Za-z])(?:P[EBS]|EPS|ROE|GMV|[DM]AU|EBITDA?|ARPU|ICIR)$",
    re.IGNORECASE,
)
"""A question may end with the measure alone: 云海2024年销量？"""
_QUANTITY = re.compile(
    r"(?:(?<![质力能变考测评代])[量额价]|震级|人口|面积|产能|库存|估值|派息|分红|工资)$"
)
"""What is counted or measured, however it is called: 2022年8月我国汽车出口量."""
_LISTED = re.compile(
    r"、|[和及与][^的，]{0,10}$|以及|及占|请|列[示出]|[吗呢么]|怎|如何|为何|说明|介绍|分析|比较|对比"
)
"""What a question that ends with its measure may not hold before it."""
_TERSE = re.compile(
    r"^(?!.*\b(?:what|which|who|whose|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can|will|would|should"
    r"|list|name|compare|explain|summar\w+|and|or|versus|vs|than|between|after|because)\b)"
    r".*\b(?:revenues?|sales|profits?|income|loss(?:es)?|margins?|ebitda|eps|earnings|share|shipments?|deliver(?:y|ies)|output|capex|capacity"
    r"|growth|target|price|dividend|roe|p/?e|backlog|headcount|users|[md]aus?|arpu|volumes?|valuation|market cap\w*|imports|exports|number of \w+)\b",
    re.IGNORECASE,
)
"""An English question that only names its measure: Xiaomi Q3 2024 revenue?"""
_NO_FIGURE = re.compile(
    r"哪|谁|何时|什么|为何|怎[么样]|如何|原因|几[月日年号]|\bwh(?:o|ich|y|en|ere)\b|\bhow (?:did|does|do)\b|\bname\b"
    r"|第几|第[二三四五](?![季届次期年月部章节]|个?季|财季|方)|(?<!至)最[大小高低多少快慢强弱](?!回撤|多少|[要得需可能会达到])|\b(?:high|low|large|small|slow|fast|great|bigg|weak|strong)est\b"
    r"|\b(?:what|how)\b.*(?:,|\band\b) ?(?:by )?(?:what|how)\b|\bexceed",
    re.IGNORECASE,
)
"""What one figure cannot answer: other questions, ranks, comparisons."""
_AMOUNT = re.compile(
    r"(?<![或无])多少(?!次)|[高低]多少|[占涨跌]几|(?<![哪好近前后])几(?:个(?:点|百分点)|成|倍|元|块)|[数人户家](?:量|数)[？?。]?$|\bhow (?:much|many)\b|\bwhat (?:percentage|proportion|share)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(r"多[少大高快]|[幾几][多成]|[吗呢嘛]$|，(?:与|跟|和)[^，]*相比$")
"""What a statement may not hold."""
_SEVERAL = re.compile(
    r"(?:收入|营收|利润|亏损|率|份额|增速|增幅|销量|费用|投入|股息|收益|现金|市值)(?:以及|[和及与跟、])[^，。？]{0,12}?"
    r"(?:收入|营收|利润|亏损|率|份额|增速|增幅|销量|费用|投入|股息|收益|现金|市值)[^，。？]{0,2}?(?:是|为|有)?多少|各[是为有占自派涨跌]|各多少|分别|\brespectively\b|\beach\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(r",? (?:according to|per(?= (?-i:[A-Z]))) [^,?]*$", re.IGNORECASE)
_SOME = re.compile(r"几(?=[年月天周季代十]|个[年月季])|(?<=[那这近好前后])几")
"""A few, not how many: 近几年, 那几轮."""
_BETWEEN = re.compile(r"\bbetween ((?:19|20)[0-9]{2}) and ((?:19|20)[0-9]{2})\b")
RATIO = frozenset({Kind.NUMBER, Kind.MULTIPLE})
"""What a ratio without a unit is: 夏普比率1.2."""
COEFFICIENT = frozenset({Kind.NUMBER, Kind.MULTIPLE, Kind.PERCENT})
"""What a correlation is printed as: IC均值0.054, 5.4%."""
RETURN = frozenset({Kind.PERCENT, Kind.NUMBER, Kind.MONEY})
"""What a portfolio gains or loses."""
_MONEY, _COUNT, _RATE, _LEVEL = Kind.MONEY, Kind.COUNT, Kind.PERCENT, Kind.NUMBER
_WANTED: tuple[tuple[re.Pattern[str], frozenset[Kind]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), frozenset(kinds))
    for pattern, kinds in (
        (r"百分之[几多]|百分位|分位(?:数|点|值)?(?:是|为|在)?(?:多少|几)", {_RATE, _LEVEL}),
        (r"个?基点|(?<![A-Za-z])bps?(?![A-Za-z])|basis points?", {Kind.BASIS_POINTS, Kind.POINTS}),
        (r"百分点|percentage points?|\bpp\b", {Kind.POINTS}),
        (r"(?:[^效]率|占比|份额|比[重例]|息差)(?:同比|环比|较.{2,8}|比.{2,8})?(?:变化|提[高升]|下[降滑跌]|上升|回落)了?(?:多少|几|$)", {Kind.POINTS, _RATE, _LEVEL}),
        (r"指数(?!.*[涨跌升降])[^，。？]{0,8}?(?:是|为|报|收于)多少点|点位", {_COUNT, _LEVEL}),
        (rf"(?:毛利(?!率)|收入|利润|价|余额|成本|费用|存货|负债)(?:同比|环比|按年)(?:变[动化]|增减)(?:是|为)?{_HOW_MANY}(?![亿万元家台个])", {_RATE, _LEVEL, _MONEY}),
        (rf"(?:同比|环比|按年)(?:变[动化]|涨跌|增减)(?:幅度?)?(?:是|为)?{_HOW_MANY}(?![亿万元家台个])", {_RATE, _LEVEL}),
        (rf"{_HOW_MANY}个?点(?!数)", {Kind.POINTS, _RATE}),
        (r"(?:(?<![低高])|(?<=最[低高]))市[盈净销]率|[多几少]倍|\bfactor did\b|how many times|(?<!low-)(?<!high-)(?<![A-Za-z低高])P/?[EBS](?![A-Za-z])|multiple", {Kind.MULTIPLE, _LEVEL}),
        (
            rf"{_HOW_MANY}(?:元|港[元币]|美元|人民币|块(?:钱|$)|钱|新台币)|每股|(?<![A-Za-z])EPS(?![A-Za-z])|收盘价|目标价|股价[是为]"
            r"|派.{0,3}多少|(?:target|share) price|price target|dividend|per share|how much (?:revenue|profit|money|cash)",
            {_MONEY, _LEVEL},
        ),
        (rf"how many|{_HOW_MANY}(?:个(?!百分|亿)|[家台辆部人艘户座片吨颗套次件名款笔项间所瓶箱桶只种枚块张支架条]|股(?![利息权])|[GMT]W)", {_COUNT, _LEVEL}),
        (r"(?<![A-Za-z])(?:Rank ?)?IC(?![A-Za-z])(?!.*(?:胜率|占比|比例|大于|小于))|相关(?:性|系数)", COEFFICIENT),
        (r"(?:折[让价]|溢价)(?:率|幅度)?了?(?:是|为|有)?(?:多少|几)(?![亿万元])|\b(?:discount|premium) (?:to|of|over)\b", {_RATE, _LEVEL}),
        (r"(?:便宜|贵)了?(?:多少|几)", {_RATE, _MONEY, _LEVEL}),
        (r"多久|多长|\bhow long\b|payback|\b(?:lead|delivery|holding) (?:time|period)|\btenor\b|周期(?:是|为|有|要|得)?(?:多少|几)", {_COUNT, _LEVEL}),
        (r"ICIR|夏普|信息比|\b(?:Sharpe|information) ratio", RATIO),
        (
            r"(?<!效)率(?!先)|占比|份额|比[重例]|(?<!应)占.{0,12}(?:多少|几|多大)|分位|百分之|%|几成|增[速幅]|[涨跌降升]幅|(?:同比|环比).{0,2}(?:变[动化])?(?:幅度)?$"
            r"|(?:同比|环比|按年)[增减涨跌升降][加少]?了?(?:多少|几)(?![亿万元家台个])|(?:同比|环比|增长|下[降滑跌]|上[涨升]|提[高升]|[涨跌降]|变化)了?(?:多少|几)(?![亿万元家台个])"
            r"|(?<![A-Za-z])RO(?:E|A|IC)(?![A-Za-z])|[净存贷]?[息利]差|(?:融资|资金|负债|付息|存款)成本|margin|\bshare of|(?<!per )\bshare\b(?! (?:price|sale|buyback|count|repurchase))|growth|\brate\b|percent|how fast|\b(?:change|increase|decrease|rise|fall|drop|decline) in\b|how much did .* (?:grow|rise|fall|increase|decline|narrow|widen|shrink|drop|climb|change)",
            {_RATE, _LEVEL},
        ),
        (r"回撤|超额|(?:年化|累计|多空|组合|策略|因子|指数|基金)[^，。？]{0,12}(?:收益|赚|亏)|drawdown|\breturns?\b", RETURN),
        (r"换手|周转率|turnover (?:rate|ratio)", {_RATE, _LEVEL, Kind.MULTIPLE}),
        (r"(?<!量)价", {_MONEY, _LEVEL}),
        (r"订单(?!.{0,6}[额元])|order intake|\bbacklog", {_MONEY, _COUNT, _LEVEL}),
        (rf"(?<![质力能变考测])量$|震级$|人口|面积|销量|出货|用户|[日月]活|(?<![A-Za-z])[DM]AU|买家|商家|卖家|主播|骑手|司机|网点|专利|门店|产量|产能|交付|会员|参数量|(?:客户|员工|人|户|店|家)数|{_HOW_MANY}(?:名|位)?(?:参数|token|员工|客户|粉丝?|人)", {_COUNT, _LEVEL}),
        (
            r"收入|营收|租金|[利纯]润|净利|溢利|盈利|亏损|市值|资本开支|现金|[额费款金值本](?:$|是|为|有|达|约)|GMV|GDP|EBITD?A|流水|投入|净(?:流[入出]|买入|卖出|申购|赎回)|规模|费用|开支|支出|股[息利]|红利|分红|派息|订单|合同|\borders?\b"
            r"|revenue|profit|income|loss|(?:in|out)flows?\b|market (?:cap|value)|worth|valu(?:ed|ation)|capex|earnings|spend|cost|ebitda|financing|lending|\bloans?\b(?! growth)|deposits\b|\bdebt\b|issuance",
            {_MONEY, _LEVEL},
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said before and after the missing figure, and the kinds of figure that fit.

    Without a kind the words leave it open: then only the cells of tables are read.
    """

    before: str
    after: str
    kinds: frozenset[Kind]

    def filled(self, words: str, direction: int = 0) -> str:
        """Return the statement with `words` in the gap.

        Args:
            words: The figure.
            direction: +1 or -1 where it is a growth or a decline: a change is then called by that name.
        """
        before = _CHANGE.sub(lambda m: _TURNS[m.group()].get(direction, m.group()), self.before)
        if before != self.before or (direction < 0 and _FELL.search(before)):
            words = words.lstrip("+-−–")  # said by the verb
        return f"{before}{words}{self.after}"


def of(query: Query) -> Statement | None:
    """Return the statement that answers `query`; None where it does not ask after one figure."""
    text = SOURCE.sub("", _SOURCE.sub("", _ENDS.sub("", query.text)))
    terse = query.language == "en" and _TERSE.search(text)
    bare = asking.MEASURE_AT_END.search(text) or _QUANTITY.search(text)
    if (
        not (terse or _ASKS.search(text) or (bare and not _LISTED.search(text)))
        or _SEVERAL.search(text)
        or _NO_FIGURE.search(text)
    ):
        return None
    kinds = next((kinds for pattern, kinds in _WANTED if pattern.search(text)), frozenset())
    if query.wants_difference and not _CHANGED.search(text) and not _MOVED.search(text):
        return None
    return _chinese(text, kinds) if query.language == "zh" else _english(text, kinds)


_BARE = re.compile(r"[-+−]?[0-9][^，。；：,;:]{0,15}[。.]?")


def completed(query: Query, draft: str) -> str:
    """Return a draft that is nothing but a figure as the statement that it is short for, else as it is.

    Alone it has no words that tell it from its neighbours.
    """
    asked = of(query) if _BARE.fullmatch(draft.strip()) else None
    return asked.filled(draft.strip().rstrip("。.")) if asked else draft


def asks_amount(query: Query) -> bool:
    """Return whether only an answer with a figure can answer `query`: 多少, how much."""
    return bool(_AMOUNT.search(query.text)) and not _NO_FIGURE.search(query.text)


def _chinese(text: str, kinds: frozenset[Kind]) -> Statement | None:
    gaps = [gap for gap in _GAP.finditer(text) if not _SOME.match(text, gap.start())]
    if len(gaps) > 1:
        return None
    if not gaps:
        return None if _OPEN.search(text) else Statement(f"{text}为", "。", kinds)
    gap = gaps[0]
    before, after = text[: gap.start()], f"{text[gap.end() :]}。"
    if _OPEN.search(before) or _OPEN.search(text[gap.end() :]):
        return None
    if after[0].isascii() and after[0].isalnum():
        after = f" {after}"
    if gap["share"]:  # 占营业收入多大比重
        return Statement(f"{before.removesuffix('占')}的{gap['share']}为", after, kinds)
    if gap.group().endswith(("大", "高", "久", "长", "长时间")):
        return Statement(f"{re.sub('[的了要得需]+$', '', before)}为", after, kinds)
    first = gap.group()[0]
    if first == "有" and len(after) > 1:
        return Statement(f"{before}有", after, kinds)
    # PE几倍: a name in Latin letters would take the figure in
    latin = before[-1:].isascii() and before[-1:].isalnum()
    said = first in "是为有达" or latin
    return Statement(f"{before.removesuffix('的')}为" if said else before, after, kinds)


def _english(text: str, kinds: frozenset[Kind]) -> Statement | None:
    text = _BETWEEN.sub(r"from \1 to \2", text)
    if did := _DID.fullmatch(text):
        verb = did["verb"].lower()
        past = _PAST.get(verb, f"{verb.removesuffix('e')}ed")
        subject = did["what"][:1].upper() + did["what"][1:]
        return Statement(f"{subject} {past} by ", f" {did['tail']}".rstrip() + ".", kinds)
    if posted := _POSTED.fullmatch(text):
        tail = f" {posted['tail']}".rstrip()
        return Statement(f"The{posted['kind']} of {posted['who']}{tail} was ", ".", kinds)
    plain = re.fullmatch(
        r"(?:.*?, )?(?:what|how (?:much|large|high|big|low|long)) (was|were|is|are) (.+)", text, re.IGNORECASE
    )  # fmt: skip
    if plain is None:
        return Statement(f"{text}: ", ".", kinds)
    if plain[1].lower() in ("were", "are") and re.search(r"\band\b", plain[2]):
        return None
    subject = plain[2][:1].upper() + plain[2][1:]
    return Statement(f"{subject} {plain[1].lower()} ", ".", kinds)
