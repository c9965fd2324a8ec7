"""Stories in; each as the blocks that a page prints of it, column by column, out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from . import imprint
from .blocks import Block, Typeset, columns, paragraphs
from .stories import Story, bigrams, clauses
from .style import Style

_FEWER = ("firms", "abroad", "shares")  # themes that regional pages print less of


def cast(rng: Random, style: Style, stories: Sequence[Story]) -> list[Typeset]:
    """The stories of one page, 3 to 9 of them, typeset."""
    chosen: list[Story] = []
    wanted = rng.randint(3, 9)
    theme = rng.choice([s.theme for s in rng.choices(stories, k=9) if s.theme] or [""])
    pool = [s for s in stories if s.theme == theme] if style.themed else []
    pool = pool if len(pool) >= 12 else list(stories)
    for story in rng.sample(pool, min(len(pool), 6 * wanted)):
        rare = story.theme in _FEWER and rng.random() < 0.6
        if not rare and not any(_same_event(story, other) for other in chosen):
            chosen.append(story)
        if len(chosen) == wanted:
            break
    return [typeset(rng, style, story, number) for number, story in enumerate(chosen)]


def _same_event(a: Story, b: Story) -> bool:
    x, y = (bigrams(s.title + s.sentences[0]) for s in (a, b))
    return len(x & y) > 0.2 * min(len(x), len(y))


def typeset(rng: Random, style: Style, story: Story, number: int) -> Typeset:
    """One story as article or, one in six, as a picture with a few sentences."""
    if rng.random() < 0.17:
        return _picture_story(rng, style, story, number)
    sentences = list(story.sentences)[: rng.choice((6, 12, 40, 40))]
    extras = [_picture(rng, style, sentences, number)] if rng.random() < 0.45 else []
    extras = [extra for extra in extras if extra]
    texts = paragraphs(rng, sentences)
    above: list[Block] = []
    if len(texts) >= 4 and rng.random() < 0.3:
        lead = Block(texts.pop(0), "lead", number)
        stray = rng.random() < 0.4
        if not stray and rng.random() < 0.4:
            lead = replace(lead, text="◆" + lead.text)
        if stray:
            extras.append((lead,))
        else:
            above.append(lead)
    signed = _signed(rng, style, texts, number)
    parts = columns(rng, style, _with_subheads(rng, signed.texts, number))
    parts[0] = [*above, *signed.top, *parts[0]]
    parts[-1] += signed.foot
    return Typeset(
        _head(rng, story, number),
        tuple(map(tuple, parts)),
        tuple(extras),
        signed.names,
        story.title + "".join(story.sentences),
        picture=False,
    )


def _picture(rng: Random, style: Style, sentences: list[str], number: int) -> tuple[Block, ...]:
    """A caption taken out of the story's sentences, with or without a credit; () if none fits."""
    fits = [
        s for s in sentences[2:] if 18 <= len(s) <= 60 and not re.search(r"[“”]|^[但而且此并]", s)
    ]
    if not fits or len(sentences) < 6:
        return ()
    text = rng.choice(fits)
    sentences.remove(text)
    text = text if rng.random() < 0.8 else text.rstrip("。")
    said = imprint.credit(rng)
    caption = Block(style.pointer + text, "caption", number, gap=rng.random() < 0.8)
    form = rng.random()
    if form < 0.5:
        return caption, Block(said.text, "credit", number, tight=rng.random() < 0.6)
    if form < 0.7:
        inline = f"{'' if said.text.startswith('(') else ' '}{said.text}"
        return (replace(caption, text=caption.text + inline),)
    return (caption,)


def _picture_story(rng: Random, style: Style, story: Story, number: int) -> Typeset:
    """A headline, a caption of a few sentences, and who took the picture."""
    count = rng.randint(2, 4)
    text = "".join(story.sentences[:count])
    titled = rng.random() < 0.75 or style.gap == style.blank
    far = rng.random() < 0.3  # the gap is below the headline
    title = (Block(story.title, "title", number, gap=not far),) if titled else ()
    said = imprint.credit(rng)
    caption = Block(style.pointer + text, "caption", number, gap=far or not titled)
    names: tuple[str, ...] = ()
    if titled and rng.random() < 0.7:
        column = [caption, Block(said.text, "credit", number, tight=rng.random() < 0.5)]
    elif rng.random() < 0.5:
        by = imprint.marked(rng)
        names = by.names
        column = [Block(by.text, "byline", number, gap=far or not titled)]
        column.append(replace(caption, text=text, gap=False, tight=rng.random() < 0.5))
    else:
        by = imprint.marked(rng)
        names = by.names
        first = replace(caption, text=style.pointer + story.sentences[0])
        rest = Block("".join(story.sentences[1:count]), "caption", number)
        column = [first, rest, Block(by.text, "byline", number)]
    return Typeset(title, (tuple(column),), (), names, story.title + text, picture=True)


def _head(rng: Random, story: Story, number: int) -> tuple[Block, ...]:
    """Headline, at times with a kicker above or a subtitle below that no one takes for it."""
    title = Block(story.title, "title", number, gap=rng.random() < 0.15)
    form = rng.random()
    plain = not re.search(r"[\s，、；]", story.title)
    if plain and form < 0.14:
        own = [c for c in clauses("".join(story.sentences)) if 3 <= len(c) <= 8]
        said = " ".join(rng.sample(own, 2)) if len(own) > 1 and form < 0.07 else imprint.slogan(rng)
        return Block(said, "kicker", number), title
    deck = [c for c in clauses("".join(story.sentences[1:4])) if 6 <= len(c) <= 14]
    if plain and len(deck) > 1 and form < 0.24:
        return title, Block("，".join(deck[:2]), "subtitle", number)
    if deck and form < 0.28:
        return title, Block("——" + deck[0], "subtitle", number)
    return (title,)


@dataclass(frozen=True, slots=True)
class _Signed:
    """Paragraphs with what is printed above and below them."""

    texts: list[str]
    top: tuple[Block, ...] = ()
    foot: tuple[Block, ...] = ()
    names: tuple[str, ...] = ()


def _signed(rng: Random, style: Style, texts: list[str], number: int) -> _Signed:
    """A byline above, within the first or last paragraph, or below; or none."""
    form = rng.random()
    first, last = texts[0], texts[-1]
    dateline = "本报讯" if rng.random() < 0.7 else f"本报{imprint.place(rng)}讯"
    inline, marked = imprint.reporters(rng), imprint.marked(rng)
    line = (Block(marked.text, "byline", number),)
    if form < 0.3:
        opened = f"{dateline}{style.dateline_space}（{inline.text}）"
        if rng.random() < 0.12:
            return _Signed(texts, (Block(opened, "byline", number),), names=inline.names)
        return _Signed([opened + first, *texts[1:]], names=inline.names)
    if form < 0.65:
        if rng.random() < 0.35:
            texts = [f"{dateline} {first}", *texts[1:]]
        tight = style.tight and rng.random() < 0.5
        return _Signed(texts, (replace(line[0], tight=tight),), names=marked.names)
    if form < 0.85:
        return _Signed(texts, foot=line, names=marked.names)
    if form < 0.92:
        return _Signed([*texts[:-1], f"{last}（{inline.text}）"], names=inline.names)
    return _Signed(texts)


def _with_subheads(rng: Random, texts: list[str], number: int) -> list[Block]:
    out: list[Block] = []
    parted = len(texts) >= 3 and rng.random() < 0.45
    due = rng.choice((0, 0, 0, 1, 2, 3))  # 0: above the first paragraph
    opening = imprint.opening(rng) if parted else ""
    for at, text in enumerate(texts):
        due -= 1
        if parted and due < 0 and (heading := imprint.subhead(rng, text, "".join(texts), opening)):
            out.append(Block(heading, "subhead", number))
            due = rng.randint(1, 4)
        out.append(Block(text, "body", number, chain=1000 * number + at))
    return out
