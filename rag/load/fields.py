"""Fields of research and industries as reports name them: words that are no house and no company."""

from __future__ import annotations

import re

# First level of the Shenwan classification (2021), then what desks of brokers are called.
INDUSTRIES = (
    "农林牧渔 基础化工 钢铁 有色金属 电子 家用电器 食品饮料 纺织服饰 轻工制造 医药生物 公用事业 交通运输 房地产 商贸零售 "
    "社会服务 银行 非银金融 综合 建筑材料 建筑装饰 电力设备 国防军工 计算机 传媒 通信 煤炭 石油石化 环保 美容护理 机械设备 汽车 "
    "互联网 半导体 新能源汽车 新能源车 新能源 动力电池 储能 光伏 风电 锂电 白酒 啤酒 乳制品 创新药 医疗器械 医药 医疗 生物科技 "
    "保险 券商 证券 信托 地产 物业 零售 电商 电子商务 本地生活 游戏 影视 短剧 广告 教育 旅游 酒店 航空 物流 快递 航运 港口 "
    "军工 机械 化工 建材 建筑 钢铁 有色 黄金 家电 轻工 纺织 服装 食品 农业 养殖 种业 电力 电气设备 燃气 水务 公用 交运 通信设备 "
    "人工智能 云计算 软件 消费电子 面板 机器人 工业母机 自动驾驶 智能驾驶 稀土 煤炭 石油 消费 科技 TMT 大消费 大金融"
).split()

# Departments of a research institute.
SUBJECTS = (
    "行业 公司 宏观 宏观经济 策略 投资策略 金融工程 金工 量化 数量化投资 固收 固定收益 债券 信用 利率 可转债 转债 基金 FOF ETF "
    "专题 深度 海外 港股 美股 A股 市场 投资 产业 金融 证券 经济 战略 大类资产 资产配置 中小盘 新三板 北交所 新股 商品 期货 "
    "衍生品 衍生工具 因子 选股 择时 指数 政策 国际 全球 区域 数据 学术 总量 交易 行情 事件 团队 报告 研究"
).split()

_WORDS = sorted({*INDUSTRIES, *SUBJECTS}, key=len, reverse=True)
_FIELD = re.compile(
    f"(?:(?:{'|'.join(map(re.escape, _WORDS))})(?:行业|产业|板块)?)+", re.IGNORECASE
)


def is_field(text: str) -> bool:
    """Return whether `text` is made of fields of research alone: 电子行业, 金融工程, 港股互联网."""
    return bool(_FIELD.fullmatch(text.strip()))


def industry_in(text: str) -> str | None:
    """Return the industry that `text` names first, the longest name at that place; None if none."""
    found = _INDUSTRY.search(text)
    return found.group() if found else None


_INDUSTRY = re.compile(
    "|".join(
        map(
            re.escape,
            sorted({*INDUSTRIES} - {"综合", "证券", "科技", "消费"}, key=len, reverse=True),
        )
    )
)
