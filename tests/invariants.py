"""What holds of any page that was split into articles."""

from __future__ import annotations

from embeddings.articles import Article, Page, read_page, split_page
from embeddings.chunks import joins_between
from embeddings.lines import BLANKS


def check_invariants(page: str) -> Page:
    """Each character but white space is in one article, once, or in the furniture."""
    found = read_page(page)
    seen: set[int] = set()

    def take(start: int, end: int) -> None:
        assert 0 <= start < end <= len(page)
        places = set(range(start, end))
        assert not places & seen, page[start:end]
        seen.update(places)

    for article in found.articles:
        check_article(page, article)
        for start, end in article.spans + article.headings:
            take(start, end)
    for start, end in found.furniture:
        assert page[start:end] == page[start:end].strip()
        take(start, end)
    assert {i for i, char in enumerate(page) if not char.isspace()} <= seen
    assert list(found.furniture) == sorted(found.furniture)
    begins = [min(article.spans + article.headings) for article in found.articles]
    assert begins == sorted(begins)
    assert split_page(page) == list(found.articles)
    return found


def check_article(page: str, article: Article) -> None:
    """Text, joins and confidences of one article are what they say."""
    assert article.text.strip()
    assert "".join(page[s:e] for s, e in article.spans) == article.text
    assert 0 <= article.confidence <= 1
    assert article.joins == joins_between(article.spans, article.joins)
    for join in article.joins:
        assert join.head < join.tail and 0 <= join.confidence <= 1
    for heading in (article.title, article.kicker):
        assert heading == heading.strip(BLANKS)
        assert "".join(heading.split()) in "".join(page.split())
