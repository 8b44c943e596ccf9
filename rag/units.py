"""Scales and units as printed after (or before) a number -> what they measure and by how much.

Chinese and English, both scripts: 万亿, bn, 港元, US$, 个百分点, bp, 倍, 家. Knows nothing of the
numbers themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a figure measures; figures of different kinds never agree, except with NUMBER."""

    NUMBER = "number"
    """No unit printed: a table cell, a count."""
    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"
    POINTS = "points"
    """Percentage points: 个百分点, pct, pp."""
    BASIS_POINTS = "basis_points"
    MULTIPLE = "multiple"
    """倍, x."""
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as read."""

    kind: Kind
    name: str = ""
    """Canonical: a currency code, the head of a class of measure words; empty for ratios."""
    factor: Decimal = Decimal(1)
    """What one is worth in the kind's own unit: 1‰ = 0.1 %, 一成 = 10 %."""


_SCALES = {
    "万亿": 10**12, "萬億": 10**12, "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8,
    "億": 10**8, "千万": 10**7, "千萬": 10**7, "百万": 10**6, "百萬": 10**6, "十万": 10**5,
    "万": 10**4, "萬": 10**4, "千": 10**3,
    "trillion": 10**12, "billion": 10**9, "million": 10**6, "thousand": 10**3,
    "trn": 10**12, "tn": 10**12, "bln": 10**9, "bn": 10**9, "mln": 10**6, "mn": 10**6,
    "t": 10**12, "b": 10**9, "m": 10**6, "k": 10**3,
}  # fmt: skip

_CURRENCIES = {
    "元": "元 块钱 塊錢",
    "CNY": "人民币 人民幣 元人民币 元人民幣 rmb cny yuan renminbi",
    "¥": "¥",
    "USD": "美元 美金 us$ usd $ us_dollars u.s._dollars dollars",
    "HKD": "港元 港币 港幣 港幣元 hk$ hkd hong_kong_dollars",
    "JPY": "日元 日圆 日圓 jpy yen", "EUR": "欧元 歐元 € eur euros euro",
    "GBP": "英镑 英鎊 £ gbp pounds", "KRW": "韩元 韓元 krw",
    "TWD": "新台币 新台幣 新臺幣 台币 台幣 nt$ twd", "SGD": "新加坡元 新元 s$ sgd",
    "AUD": "澳元 a$ aud", "CAD": "加元 c$ cad", "MOP": "澳门元 澳門元 mop",
    "CHF": "瑞士法郎 瑞郎 chf", "RUB": "卢布", "INR": "卢比 inr", "THB": "泰铢", "VND": "越南盾",
    "MYR": "林吉特 马币", "BRL": "雷亚尔 r$", "AED": "迪拉姆",
}  # fmt: skip
_CURRENCY_OF = {
    word.replace("_", " "): code for code, words in _CURRENCIES.items() for word in words.split()
}
_SAME_MONEY = ({"元", "CNY"}, {"元", "¥"}, {"CNY", "¥"}, {"JPY", "¥"})

_RATIOS = {
    Unit(Kind.PERCENT): "% percent per_cent 厘",
    Unit(Kind.PERCENT, factor=Decimal("0.1")): "‰",
    Unit(Kind.PERCENT, factor=Decimal(10)): "成",
    Unit(Kind.POINTS): "个百分点 個百分點 百分点 百分點 个点 個點 个pct pct pcts pp pps ppt ppts "
    "percentage_points percentage_point",
    Unit(Kind.BASIS_POINTS): "个基点 個基點 基点 基點 个bp bps bp basis_points basis_point",
    Unit(Kind.MULTIPLE): "倍 times fold x ×",
}
_RATIO_OF = {
    word.replace("_", " "): unit for unit, words in _RATIOS.items() for word in words.split()
}

# Class of measure words that count alike -> its words, each with what must not follow it: in
# "22 天猫" the 天 opens a name.
_COUNTED = {
    "人": "人次 人(?![民工均力才口]) 名(?![为称]) 位(?![于列居置数]|一体) people",
    "家": "家(?![庭居具族装]) 户(?![均外]) 間 间(?![接隔]) 所(?![以有在属示述]) 座 companies",
    "台": "台(?![湾积]) 臺 辆 輛 部(?![分署门]) 套(?![餐现利件装]) 架(?!构) 艘 vehicles",
    "款": "款(?!项) 种(?!子) 種 项(?!目) 項 条(?!件) 條 类(?!似) 件 篇 份(?!额) 张 張 块(?!链) 塊 大(?![幅量家概约型致关])",
    "只": "只(?![有是能要需]) 支(?![付出撑持]) 隻",
    "笔": "笔(?!记) 筆 单(?![季月日周位品店价机独一身元车个笔场]) 宗 例 起",
    "次": "次(?![年日月]) 轮 輪 批 场(?!景) 場",
    "个": "个(?!股|体|性) 個",
    "股": "股(?![份价东票权市息本指民利比])", "手": "手(?![机游段续])", "层": "层(?![面级])",
    "级": "级", "代": "代(?![表理码替])", "期": "期(?![间内末初权货待望])", "折": "折(?![旧价扣合])",
    "强": "强(?![劲调势化大烈])", "点": "点(?![击赞评播位钟燃心半])", "页": "页(?!面) 頁",
    "颗": "颗 粒", "瓶": "瓶", "岁": "岁 歲",
}  # fmt: skip
_MEASURED = {
    "年": "年(?![报初底末]) years? yrs?", "季": "个季度 個季度 quarters?",
    "月": "个月 個月 months?", "周": "个星期 星期 周(?![大六黑边转期一二三四五日末]) weeks?",
    "交易日": "个交易日 交易日", "工作日": "个工作日 工作日", "天": "天(?![猫津然际]) 日(?![活均常本元报前益后]) days?",
    "小时": "个小时 小时 小時 hours? hrs?", "分钟": "分钟 分鐘 minutes?", "秒": "秒",
    "平方米": "平方米 平米 ㎡", "平方公里": "平方公里", "公里": "公里 千米", "米": "米(?![哈家其])",
    "亩": "亩", "斤": "斤(?!斤)", "立方米": "立方米 方(?=天然气|煤)", "公顷": "公顷", "吨": "吨 噸 tonnes? tons?", "公斤": "公斤 千克 kg", "克": "克(?!隆)",
    "桶": "桶", "盎司": "盎司", "升": "升(?![级至])", "千瓦": "千瓦(?!时) kw", "千瓦时": "千瓦时 度电 kwh",
    "MW": "mw 兆瓦(?!时)", "GW": "gw 吉瓦(?!时)", "MWh": "mwh", "GWh": "gwh", "TWh": "twh",
    "美分": "美分", "港仙": "港仙",
}  # fmt: skip
_FOLLOWED = re.compile(r"\(\?.*|\?$")


def _measure_words() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, words in (_COUNTED | _MEASURED).items():
        for word in words.split():
            bare = _FOLLOWED.sub("", word)
            found[bare] = name
            if word.endswith("?"):  # an English plural: years? is read as year and years
                found[bare[:-1]] = name
    return found


_MEASURE_OF = _measure_words()


def _alternatives(words: Iterable[str]) -> str:
    """Return a pattern of `words`, longest first; a Latin word must end where the pattern does."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(
        re.escape(w).replace(r"\ ", " ?") + (r"(?![A-Za-z])" if w[-1].isascii() and w[-1].isalpha() else "")
        for w in ordered
    )  # fmt: skip


def _measure_pattern() -> str:
    words = [w for words in (_COUNTED | _MEASURED).values() for w in words.split()]
    words.sort(key=lambda w: len(_FOLLOWED.sub("", w)), reverse=True)
    return "|".join(w + "(?![A-Za-z])" if w[0].isascii() else w for w in words)


SCALE = (
    rf"(?:{_alternatives(w for w in _SCALES if not w.isascii() and w != '千')}|千(?![瓦克米伏])"
    rf"|{_alternatives(w for w in _SCALES if w.isascii() and len(w) > 1)})"
)
"""A scale that may stand a space away from its number."""
LETTER_SCALE = r"[bmkt](?![A-Za-z0-9])"
"""A one-letter scale, which must touch its number."""
_MONEY_AFTER = [w for w in _CURRENCY_OF if "$" not in w and w not in "元¥€£"]
UNIT = (
    rf"(?:{_alternatives(w for w in _RATIO_OF if w not in ('成', '厘', 'x', 'fold'))}|x(?![A-Za-z0-9])|厘(?![米清定钱/／每])"
    rf"|-?fold(?![A-Za-z])|成(?![分员本长立功交果熟都为])|{_alternatives(_MONEY_AFTER)}"
    rf"|元(?![宇宝件素旦年气器老])|-?(?:{_measure_pattern()}))"
)
CURRENCY_BEFORE = (
    r"(?:(?<![A-Za-z])(?:us\$|hk\$|nt\$|[ascr]\$|rmb|cny|usd|hkd|jpy|eur|gbp|twd|sgd)"
    r"|(?<![兑兌对對换])(?:人民币|人民幣|港币|港幣|港元|美元|美金|欧元|日元|英镑)|[$¥€£])"
)
CHINESE_UNIT = (
    r"(?:个百分点|個百分點|百分点|个基点|基点|倍|成(?![分员本长立功交果熟都为])|%|人民币|港元|港币|美元|日元|欧元"
    r"|元(?![宇宝件素旦年气器老])|块钱"
    r"|个季度|个月|个交易日|个小时|小时|人次|人(?![民工均力才口])|名(?![为称])|位(?![于列居置数]|一体)"
    r"|家(?![庭居具族装])|户|间|所(?![以有在属示述])|座|台(?![湾积])|辆|部(?![分署门])|套(?![餐现利件装])"
    r"|款|种|项|条|类|件|篇|份(?!额)|张|块(?!链)|大(?!幅|量|家|概|约|型|致|关)|只|支(?![付出撑持])|笔|宗|次|轮"
    r"|场|个(?!股|体|性)|股(?![份价东票权市息本指民利比])|层(?![面级])|折|强|页|年(?![报初底末])|周|天(?![猫津然际])"
    r"|吨|公里|平方米)"
)
"""Units that a Chinese numeral may carry: 二手, 三季度, 二级, 三期 and 三点 are no amounts."""


def scale(text: str | None) -> Decimal:
    """Return what a printed scale multiplies by; 1 for none."""
    return Decimal(_SCALES[text.lower()] if text else 1)


def read(text: str, *, scaled: bool) -> Unit:
    """Return the unit that `text` prints; without one, a scaled number counts something."""
    word = text.lower().lstrip("-").strip()
    if not word:
        return Unit(Kind.COUNT if scaled else Kind.NUMBER)
    for written in (word, word.replace(" ", "")):
        if written in _RATIO_OF:
            return _RATIO_OF[written]
        if written in _CURRENCY_OF:
            return Unit(Kind.MONEY, _CURRENCY_OF[written])
        if written in _MEASURE_OF:
            return Unit(Kind.COUNT, _MEASURE_OF[written])
    return Unit(Kind.COUNT, word)


def of_money(before: str, after: str) -> str:
    """Return the currency that counts of one before and one after: 港币5亿元 are Hong Kong dollars."""
    return before if read(after, scaled=False).name in ("元", "") else after


def same(kind: Kind, name: str, other_kind: Kind, other: str) -> bool:
    """Return whether two units may mean the same; a unit left out agrees with any."""
    if Kind.NUMBER in (kind, other_kind):
        return Kind.DATE not in (kind, other_kind)
    if kind is not other_kind:
        return {kind, other_kind} == {Kind.MONEY, Kind.COUNT} and "" in (name, other)
    if kind is Kind.MONEY:
        return name == other or {name, other} in _SAME_MONEY
    if name == other or not name or not other:
        return True
    return "个" in (name, other) and name in _COUNTED and other in _COUNTED
