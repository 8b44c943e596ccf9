"""Words of what is measured, Chinese and English -> one name for each: 营收 and revenue are alike.

A small table of general vocabulary of company and market reports; no names of companies, products
or indices. Knows nothing of figures.
"""

from __future__ import annotations

import functools
import re

from rag.text import simplify

_WORDS = {
    "revenue": r"(?<!租金)收入|营收|营业额|销售(?:额|金额|收入)?(?=\s*$)|进账|收益(?!率)|卖[出了][^，。；]{0,10}[元钱块]|\brevenues?\b|(?<!share )\bsales\b|\bturnover\b",
    "profit": r"净利(?!润?率)|归母(?!净利润?率)|扣非(?!(?:归母)?净利润?率)|溢利|纯利|净盈利|赚(?!钱的)|\bnet (?:income|profits?|earnings)\b|\bprofits?\b|\bearnings\b(?! per)",
    "gross profit": r"毛利(?!润?率)|\bgross profits?\b",
    "operating profit": r"(?:经营|营业)(?:利润(?!率)|盈利|溢利)|\boperating (?:profits?|income)\b",
    "ebitda": r"EBITDA\b(?!利润率)",
    "ebita": r"EBITA\b(?!利润率)|息税(?:及)?摊销前",
    "margin": r"毛利润?率|\bgross margins?\b",
    "net margin": r"净利润?率|\bnet margins?\b",
    "operating margin": r"(?:经营|营业)利润率|\boperating margins?\b",
    "loss": r"亏损|净亏|亏(?:了|掉|多少|几|钱|(?=[0-9]))|\bloss(?:es)?\b|\blos(?:t|ing)\b",
    "eps": r"每股(?:收益|盈利)|\bEPS\b|\bearnings per share\b",
    "dividend": r"股息|股利|分红|红利(?!低波|指数|因子|策略|组合)|派息|派发|末期息|\bDPS\b|\bdividends?\b|\bpayouts?\b",
    "buyback": r"回购|購回|\b(?:buybacks?|repurchas\w+)\b",
    "capex": r"资本(?:开支|支出)|\bcapex\b|\bcapital expenditures?\b",
    "research": r"研发|\bR&D\b|\bresearch and development\b",
    "volume": r"销量|产销|出货|售出|卖[出了](?![^，。；]{0,10}[元钱块])|交付|交了(?=多少|几)|(?<![流支付退卖售])出了(?=约|大概|[0-9]|\s*$)|\bshipments?\b|\bdeliver\w*\b|\bsold\b|\bunit sales\b",
    "output": r"产量|产出|\bproduction\b|\boutput\b",
    "capacity": r"产能|年产(?![量值])|\bcapacity\b",
    "orders": r"订单|\borders?\b|\bbacklog\b",
    "users": r"用户|账户|月活|日活|会员|\baccounts?\b(?! (?:of|for))|\busers?\b|\bsubscribers?\b|\b[DM]AUs?\b",
    "price": r"收盘|股价|收报|\bclos(?:e|ed|ing)\b|\bshare price\b",
    "target": r"目标价|\btarget price\b|\bprice target\b",
    "value": r"市值|\bmarket (?:cap\w*|value)\b",
    "pe": r"市盈率|(?<![低高])(?<!low-)(?<!high-)\bPE\b|\bP/E\b",
    "pb": r"市净率|(?<![低高])(?<!low-)(?<!high-)\bPB\b|\bP/B\b",
    "turnover": r"换手率?|周转率?|\bturnover\b",
    "share": r"(?:收入|营收|利润)的?贡献|份额|市占率|占比|占(?!了?(?:多少|几|[0-9][0-9.]* ?)[款家只台辆部种项名位])|(?<![A-Za-z]-)\bshare\b(?! (?:price|sale|buyback|repurchase|capital|option|count|issu))|\baccount(?:s|ed|ing)? for\b",
    "return on equity": r"净资产(?:收益|回报)率|\bROE\b|\breturn on equity\b",
    "yield": r"(?:国债|到期|债券|国开债|年期)[^，。；0-9]{0,4}收益率|(?<!dividend )\byields?\b",
    "return": r"(?<!净资产)(?<!到期)(?<!国债)(?<!债券)(?<!年期)收益率|(?<!净资产)回报率?|(?:组合|指数|年化|超额|多空|累计|策略|基金)[^，。；0-9]{0,6}收益|(?:组合|策略|因子|基金)[^，。；]{0,16}[赚亏]|\breturns?\b(?! on (?:equity|assets))",
    "information coefficient": r"(?<![A-Za-z])(?:Rank ?)?IC(?:IR)?(?![A-Za-z])|信息系数|\binformation coefficients?\b",
    "sharpe": r"夏普|信息比率|\bSharpe\b|\binformation ratios?\b",
    "drawdown": r"回撤|\bdrawdowns?\b",
    "volatility": r"波动率|\bvolatility\b",
    "win rate": r"胜率|\bwin(?:ning)? rates?\b|\bhit rates?\b",
    "holding": r"持股|持有|还剩|剩余|剩下|手[里中上]|\bstakes?\b|\bholdings?\b(?! (?:group|co|ltd|limited))",
    "growth": r"同比|环比|增[长速幅加]|[涨跌降升][幅了多]|[上下][涨跌升降滑]|减少|回落|\bgr[eo]w\w*\b|\bup\b|\bros[ei]\w*\b|\bincreas\w+\b"
    r"|\byear[- ]on[- ]year\b|\byoy\b|\bfell\b|\bdown\b|\bdeclin\w+\b|\bdecreas\w+\b|\bdropp?\w*\b|\bchanges? in\b",
    "cost": r"成本|\bcosts?\b",
    "expense": r"费用|(?:销售|管理|行政|营销|市场|经营|营运)开支|[\u4e00-\u9fff](?<![付消免收缴保])费(?![用率者品类])|\bexpenses?\b",
    "cash": r"现金(?!净?流|净流[入出]|股[息利]|分红|红利)|货币资金|\bcash\b(?! (?:flows?|dividends?))",
    "cash flow": r"现金净?流|净流[入出](?:的)?现金|\bcash flows?\b",
    "interest margin": r"净息差|\bnet interest margin\b|\bNIM\b",
    "bad loans": r"不良(?:贷款)?率|\bNPL\b|\bnon-performing\b",
    "wages": r"工资|薪|\bwages?\b|\bpay\b",
    "rent": r"租金(?!回报|收益率)|\brent(?:als?|s)?\b(?! (?:yield|growth))",
    "staff": r"员工|雇员|\bemployees?\b|\bheadcount\b|\bstaff\b",
    "stores": r"门店|\bstores?\b",
    "exports": r"出口|\bexports?\b",
    "imports": r"进口|\bimports?\b",
    "retail": r"零售|\bretail\b",
    "consumer prices": r"居民消费价格|\bCPI\b|\bconsumer prices?\b",
    "producer prices": r"出厂价格|\bPPI\b|\bproducer prices?\b",
    "output of all": r"国内生产总值|\bGDP\b",
    "investment": r"投资(?:额|总额|金额|规模)",
    "overseas": r"海外|(?:中国大陆|中国内地|中国|国内|大陆|内地|本土|境内)(?:市场|地区)?(?:以外|之外)|境外|国际(?=业务|市场|收入|增速|营收|销售|化|板块|分部|电商|用户|游戏|航?线|零售|份额|地区|客|及|和|、)|(?<![\u4e00-\u9fff])国际(?!准则|财务|会计|金融)|\boverseas\b|(?-i:\binternational\b)|\bInternational (?:business|revenue|sales|market|game|operation|segment|user|route|income)",
    "domestic": r"(?:国内|本土|境内|中国大陆|内地)(?!(?:市场|地区)?(?:以外|之外))|\bdomestic\b",
    "neutral": r"剔除|剔掉|剥离|中性化|纯净|\bneutrali[sz]\w+|\bpurified\b",
    "guidance": r"指引|预计|预期|\bguid(?:es?|ance|ed)\b|\bexpect\w*\b|\bforecasts?\b",
    "rating": r"评级|\brating\b",
}
SIDE = frozenset({"#growth", "#guidance", "#overseas", "#domestic", "#neutral"})
"""Measures that go with any other."""
_PATTERNS = tuple(
    (name, re.compile(words, re.IGNORECASE | re.ASCII)) for name, words in _WORDS.items()
)


@functools.lru_cache(maxsize=8192)
def named(text: str) -> frozenset[str]:
    """Return the measures that `text` names, each as ``#name``."""
    plain = text if text.isascii() else simplify(text)
    return frozenset(f"#{name}" for name, pattern in _PATTERNS if pattern.search(plain))


def places(text: str) -> tuple[tuple[str, int], ...]:
    """Return the measures that `text` names, each as ``#name`` with where its word starts, by name."""
    plain = text if text.isascii() else simplify(text)
    return tuple((f"#{name}", m.start()) for name, p in _PATTERNS for m in p.finditer(plain))
