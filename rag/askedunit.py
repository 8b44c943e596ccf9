"""The unit that a question asks its figure in -> whether a figure of a passage can be the one.

A sum in another currency, a count of other things and a sum too large for one share are not. Knows
nothing of subjects, measures or times.
"""

from __future__ import annotations

import re

from rag import units
from rag.binding import Slot
from rag.figures import Kind
from rag.question import Query
from rag.schema import Passage

_CURRENCY = re.compile(
    r"(?:多少|几)(?:[百千万亿]|十|元(?=人))*(美元|美金|港元|港币|欧元|日元|英镑|新台币|人民币)"
    r"|\bin ((?:US|U\.S\.|Hong Kong|HK) dollars|USD|HKD|RMB|CNY|yuan|renminbi|euros?|yen)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?:多少|几)[万亿]*(?P<unit>[个家款台辆部项笔座])(?P<noun>[\u4e00-\u9fff]{2})"
)
_THINGS = re.compile(
    r"(?:多少|几)[百千万亿]*[个家款台辆部座艘架间所](?!百?分|[百千万亿]+[元块]?|月|点|基点|季|小时)"
)
"""Words of a question after a number of things; 几个亿 is a sum, 几个点 a rate."""
_PHYSICAL = frozenset("吨 公里 米 千瓦 千瓦时 度 平方米 升 元".split())
"""Units that measure and do not count, besides those in Latin letters."""
_PEOPLE = re.compile(
    r"(?:多少|几)[万亿]*[名位个]?[\u4e00-\u9fff]{0,4}?(?:用户|员工|会员|客户|粉丝|投资者|人)|\bhow many (?:\w+ )?(?:users|people|members|employees|customers)\b",
    re.IGNORECASE,
)
_PERSONS = frozenset("人 名 位 户 人次".split())
_PERSON = re.compile(r"^.{0,4}?(?:户|员|客|粉丝|投资者|人)")
_FOLLOWING = 10
"""Characters after a count in which its noun stands, unless the count holds it: 五个季度."""
_PER_SHARE = re.compile(
    r"每\d*股|(?<![A-Za-z])\d股(?![权东份票本])|股价|目标价|收盘价|几块|\bper share\b|\bEPS\b|\b(?:share|target) price\b|\bprice target\b",
    re.IGNORECASE,
)
_TIMES = frozenset("年 季 月 周 天 小时 分钟 秒".split())
_LASTING = re.compile(
    r"(?:多少|几)个?(?:年|季|月|周|星期|天|日|小时|分钟|秒)|多久|多长|久期|[年天工时]数|时长|时间|期限|周期|账期|年限|工期|周转"
    r"|\bhow (?:long|soon|fast|quick)|\b(?:years?|quarters|months?|weeks?|days?|hours?|minutes?|seconds?|time|duration|period|lead)\b",
    re.IGNORECASE,
)
"""Words of a question after a length of time."""
_HOW_LONG = re.compile(r"多久|多长|\bhow long\b", re.IGNORECASE)
"""Words of a question that nothing else answers."""
_EACH = r"(?P<unit>公斤|千克|斤|吨|头|股|瓶|盒|件|台|辆|平方?米?|米|桶|套|片|箱|升|度|户|人|盎司|瓦|间|晚|天)"
_PER_ASKED = re.compile(
    rf"(?:多少|几)(?:钱|元|块钱?|美元|港元|美金)?(?:一|每|[/／])个?{_EACH}|(?<![0-9])[每单]{_EACH.replace('unit', 'unit2')}"
)
"""What one of which a question asks for: 多少钱一头, 每箱."""
_PER_TOLD = re.compile(rf"^(?:元|美元|港元)?[/／]{_EACH}")
_PER_HEAD = re.compile(rf"元[/／]{_EACH}")
_ALIKE = (frozenset({"公斤", "千克"}), frozenset({"平", "平米", "平方米"}))
_MOST_PER_SHARE = 100_000
"""In the currency of the figure; dearer shares are hardly written about."""


class AskedUnit:
    """What a question says of the unit of its figure."""

    def __init__(self, query: Query) -> None:
        """Read the words of `query`."""
        money = _CURRENCY.search(query.text)
        self._currency = units.read(money[1] or money[2], scaled=False).name if money else ""
        self._counted = _COUNTED.search(query.text)
        self._things = bool(_THINGS.search(query.text))
        self._people = bool(_PEOPLE.search(query.text))
        self._per_share = bool(_PER_SHARE.search(query.text))
        self._time = bool(_LASTING.search(query.text))
        self._how_long = bool(_HOW_LONG.search(query.text))
        self._each = {m["unit"] or m["unit2"] for m in _PER_ASKED.finditer(query.text)}

    def allows(self, slot: Slot, passage: Passage) -> bool:
        """Return whether the figure of `slot`, which stands in `passage`, can be the asked one."""
        return not (
            self._foreign(slot)
            or self._of_others(slot, passage)
            or self._measured(slot)
            or self._of_things(slot, passage)
            or self._too_large(slot)
            or self._lasts(slot)
            or self._of_another_each(slot, passage)
        )

    def _of_another_each(self, slot: Slot, passage: Passage) -> bool:
        """Return whether the figure is for one of another unit: 13.90元/公斤 where 多少钱一头 is asked."""
        told = _PER_TOLD.match(passage.text[slot.figure.end :])
        if slot.setting.cell:
            told = told or _PER_HEAD.search(f"{slot.setting.near} {slot.setting.name}")
        if not self._each or told is None or told["unit"] in self._each:
            return False
        return not any(told["unit"] in same and same & self._each for same in _ALIKE)

    def _lasts(self, slot: Slot) -> bool:
        """Return whether the figure is a length of time and none is asked for, or the other way round.

        117年来新高 is no rate, 46家 no answer to 多久.
        """
        if slot.readings[0].unit in _TIMES:
            return not self._time
        return self._how_long and not slot.setting.cell

    def _foreign(self, slot: Slot) -> bool:
        """Return whether a currency is asked for and the figure is in another: 18.99美元（约137元）."""
        reading = slot.readings[0]
        return (
            bool(self._currency and reading.unit)
            and reading.kind is Kind.MONEY
            and not units.same(Kind.MONEY, reading.unit, Kind.MONEY, self._currency)
        )

    def _of_others(self, slot: Slot, passage: Passage) -> bool:
        """Return whether a count names other things by its unit: 2.5亿张 where 个国家 are asked for."""
        counted, reading = self._counted, slot.readings[0]
        if counted is None or reading.kind is not Kind.COUNT or slot.setting.cell:
            return False
        following = passage.text[slot.figure.start : slot.figure.end + _FOLLOWING]
        unit = units.read(counted["unit"], scaled=False).name
        return bool(reading.unit) and reading.unit != unit and counted["noun"] not in following

    def _measured(self, slot: Slot) -> bool:
        """Return whether things are to be counted and the figure measures: 34 GWh, not 1000座."""
        unit = slot.readings[0].unit
        return self._things and bool(unit) and (unit.isascii() or unit in _PHYSICAL)

    def _of_things(self, slot: Slot, passage: Passage) -> bool:
        """Return whether people are asked for and things counted: 5100万个视频 of its users."""
        reading = slot.readings[0]
        things = reading.kind is Kind.COUNT and reading.unit and reading.unit not in _PERSONS
        if not self._people or not things or slot.setting.cell:
            return False
        return not _PERSON.match(passage.text[slot.figure.end :])

    def _too_large(self, slot: Slot) -> bool:
        """Return whether a sum cannot be that of one share."""
        reading = slot.readings[0]
        return self._per_share and reading.kind is Kind.MONEY and reading.value >= _MOST_PER_SHARE
