"""Which heading is the headline, which its kicker, and who wrote the article."""

from __future__ import annotations

import pytest

from embeddings.headlines import decks, headline, kicker, signature
from embeddings.lines import Line, Role


def heading_lines(*texts: str) -> list[Line]:
    """Headings one below the other."""
    starts = [sum(len(text) + 1 for text in texts[:i]) for i in range(len(texts))]
    spans = [(start, start + len(text)) for start, text in zip(starts, texts, strict=True)]
    return [Line(t, (s,), Role.HEADING) for t, s in zip(texts, spans, strict=True)]


@pytest.mark.parametrize(
    ("texts", "title", "above", "below"),
    [
        (["山美 水美 人美", "某县种树造林扮靓乡村"], 1, "山美 水美 人美", []),
        (["某县种树造林扮靓乡村", "山美,人也美了"], 0, "", ["山美,人也美了"]),
        (["专栏名", "某县种树造林扮靓乡村"], 1, "", []),
        (["专栏名", "山美 水美 人美丽", "某县种树造林扮靓乡村", "山美了,人也美了"], 2,
         "山美 水美 人美丽", ["山美了,人也美了"]),
        (["某县种树造林扮靓乡村", "——山美人也美的一年"], 0, "", ["——山美人也美的一年"]),
        (["专栏名"], 0, "", []),
        (["Local", "Council, Split, Approves Park", "Farmers-Plant-Trees"], 2,
         "Council, Split, Approves Park", []),
    ],
)  # fmt: skip
def test_headline_kicker_and_subtitle(
    texts: list[str], title: int, above: str, below: list[str]
) -> None:
    found = heading_lines(*texts)
    assert headline(found) == texts[title]
    assert kicker(found) == above
    assert [line.text for line in decks(found)] == below


def test_no_headings_are_no_headline() -> None:
    assert (headline([]), kicker([]), decks([])) == ("", "", [])


@pytest.mark.parametrize(
    ("signs", "texts", "said"),
    [
        (["□记者 张三 报道"], ["本报讯(记者 李四)下雨了。"], "□记者 张三 报道"),
        (["本报讯 (记者 李四)"], [], "记者 李四"),
        ([], ["本报讯(记者 李四)下雨了。", "完了。"], "记者 李四"),
        ([], ["下雨了。", "完了。(记者 李四 通讯员 王五)"], "记者 李四 通讯员 王五"),
        ([], ["下雨了。(记者 李四 摄)"], ""),
        ([], ["下雨了。"], ""),
        (["By Jane Doe"], ["It rained."], "By Jane Doe"),
        ([], ["It rained."], ""),
        ([], [], ""),
    ],
)
def test_who_wrote_it(signs: list[str], texts: list[str], said: str) -> None:
    lines = [Line(text, ((0, len(text)),), Role.BYLINE) for text in signs]
    assert signature(lines, texts) == said
