"""Pages for the tests to read: the seeds, and lines and newlines to make others of."""

from __future__ import annotations

from pathlib import Path

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
NAMES = sorted(path.name for path in SEEDS.glob("*.txt"))
NEWLINES = ("\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
LINES = [
    "# 标题", "## 小标题", "社区治理新路子", "生产美 生活美", "□记者 张三 报道",
    "本报讯 (记者 李四)", "本报讯(记者 王五)今天开会。", "▲工人在车间忙碌。", "王五 摄",
    "记者 李四", "编辑:赵六 组版:钱七", "村里种了梨树,收入增", "加了三成。",
    "“我们很高兴。”村民说。", "他说:“这样", "很好。”", "A New Park", "By Jane Doe",
    "The council voted 7 to 2.", "Residents had asked for", "a park since 2019.", "公益广告",
    "◆简讯今天发布。", "", "", "  ", "全角　空格。", "\ufeff开头",
]  # fmt: skip


def page_of(name: str) -> str:
    """A seed's text with its newlines as they stand."""
    return (SEEDS / name).read_bytes().decode("utf-8")
