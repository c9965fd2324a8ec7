"""The interface's words in both languages, and the parts of the page that say them."""

from __future__ import annotations

from typing import Any

import gradio as gr

from rag.answers import Language

LANGUAGES: tuple[tuple[str, Language], ...] = (("中文", "zh"), ("English", "en"))
WORDS: dict[Language, dict[str, str]] = {
    "zh": {
        "tagline": "中文、英文、混着问都行；每个回答都附上报纸原文。",
        "welcome": "问一问这几版报纸",
        "new": "新对话",
        "talks": "对话",
        "language": "界面语言",
        "ask_tab": "问答",
        "search_tab": "检索",
        "articles_tab": "文章",
        "figures_tab": "统计",
        "examples": "试试这些（由文章自动拟出）",
        "question": "你的问题",
        "ask": "提问",
        "stop": "停止",
        "alone": "单独理解，不接上文",
        "search_for": "检索用的词或问题；只检索，不作答",
        "search": "检索",
        "filter": "按标题、作者、文件或正文里的字筛选",
        "per_file": "每个文件的文章数",
        "lengths": "文章长短",
        "articles": "篇数",
        "upload": "上传文章（txt、md、html、pdf、docx；可拖入多个）",
        "same_name": "遇到同名文件",
        "rebuild": "重建索引",
        "files": "文件",
        "remove": "移出",
        "restore": "恢复",
        "filter_files": "按文件名筛选",
        "more_files": "另有 {} 个文件，请用筛选。",
        "removed_files": "已移出的文件",
        "articles_in_file": "{} 篇",
        "stage_reading": "查看文件",
        "stage_pages": "拆分文章",
        "stage_sentences": "计算句子向量",
        "stage_files": "写入索引",
    },
    "en": {
        "tagline": "Ask in Chinese, English or both. Every answer shows the lines that prove it.",
        "welcome": "Ask the newspaper something",
        "new": "New",
        "talks": "Chats",
        "language": "Interface language",
        "ask_tab": "Ask",
        "search_tab": "Search",
        "articles_tab": "Articles",
        "figures_tab": "Statistics",
        "examples": "Try these (made from the articles)",
        "question": "Your question",
        "ask": "Ask",
        "stop": "Stop",
        "alone": "On its own, without what was said before",
        "search_for": "Words or a question to search for; nothing is answered",
        "search": "Search",
        "filter": "Filter by words of headline, author, file or text",
        "per_file": "Articles in each file",
        "lengths": "Lengths of articles",
        "articles": "articles",
        "upload": "Upload articles (txt, md, html, pdf, docx; drop several at once)",
        "same_name": "Another file of the same name",
        "rebuild": "Rebuild the index",
        "files": "Files",
        "remove": "Remove",
        "restore": "Restore",
        "filter_files": "Filter by file name",
        "more_files": "{} more files: use the filter.",
        "removed_files": "Removed files",
        "articles_in_file": "articles: {}",
        "stage_reading": "Looking at the files",
        "stage_pages": "Splitting articles",
        "stage_sentences": "Embedding sentences",
        "stage_files": "Writing the index",
    },
}


class Spoken:
    """Parts of the page and which of their properties say what."""

    def __init__(self) -> None:
        self._properties: dict[Any, dict[str, str]] = {}

    def by(self, part: Any, **properties: str) -> Any:
        """Registers a part: property → key of WORDS, or text with such keys in braces."""
        self._properties[part] = properties
        return part

    @property
    def parts(self) -> list[Any]:
        """All registered parts, as outputs of an event."""
        return list(self._properties)

    def updates(self, language: Language) -> list[Any]:
        """What the parts say in a language, in the order of `parts`."""
        return [
            gr.update(**{name: say(key, language) for name, key in properties.items()})
            for properties in self._properties.values()
        ]


def say(key: str, language: Language) -> str:
    """The words under a key; in any other text, those whose keys stand in braces."""
    words = WORDS[language]
    return words.get(key) or key.format_map(words)


def preferred(header: str | None) -> Language:
    """The interface language for a browser's Accept-Language header: the first that there is."""
    for wanted in (header or "").lower().split(","):
        for language in ("zh", "en"):
            if wanted.strip().startswith(language):
                return "zh" if language == "zh" else "en"
    return "zh"
