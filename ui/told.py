"""What became of a file goes in, a sentence about it in the reader's language comes out."""

from __future__ import annotations

from dataclasses import dataclass

from rag.answers import Language

SAYINGS: dict[str, tuple[str, str]] = {  # Chinese, English
    # refused: the name
    "no name": ("没有文件名。请改名再传。", "The file has no name. Give it one."),
    "path": (
        "文件名里有路径（/ 或 \\）。请只传文件本身。",
        "The name holds a path (/ or \\). Send the file under its own name alone.",
    ),
    "hidden": (
        "以点开头的文件不入档。请改名再传。",
        "A file whose name begins with a dot is not read. Rename it.",
    ),
    "characters": (
        "文件名里有控制字符或改变书写方向的字符（{0}）。请改名再传。",
        "The name holds a control character or one that turns the writing direction ({0}). "
        "Rename it.",
    ),
    "long name": (
        "文件名有 {0} 字节，最多 {1}。请改短再传。",
        "The name has {0} bytes; at most {1}. Shorten it.",
    ),
    "about": (
        "README.md 说明文件夹，不是文章。请改名再传。",
        "README.md says what the folder is and is no article. Rename it.",
    ),
    "ending": (
        "不读这种文件。能读的是 {0}。",
        "Files of this kind are not read. Read are {0}.",
    ),
    # refused: the file
    "no file": ("不是普通文件（链接、文件夹等）。", "This is no plain file (a link, a folder …)."),
    "empty": ("文件是空的。", "The file is empty."),
    "large": (
        "文件有 {0} MB，最多 {1} MB。请拆开再传。",
        "The file has {0} MB; at most {1} MB. Split it.",
    ),
    "many": (
        "一次最多 {0} 个文件，这个没有收。请再传一次。",
        "At most {0} files at once: this one was left out. Send it again.",
    ),
    "full": (
        "档案已有 {0} 个文件，满了。请先移出一些。",
        "The archive is full with {0} files. Remove some first.",
    ),
    "kind": (
        "内容不是 {0}，而是{1}。请用正确的格式再传。",
        "This is no {0} but {1}. Save it in the right format.",
    ),
    "no kind": (
        "内容不是 {0}。请用正确的格式再传。",
        "This is no {0}. Save it in the right format.",
    ),
    "unreadable": ("读不出来。{0}", "{0}"),
    "long": (
        "有 {0} 字，最多 {1} 字。请拆开再传。",
        "It holds {0} characters; at most {1}. Split it.",
    ),
    "nothing": ("里面没有找到文章。", "No article was found in it."),
    "slow": ("读了 {0} 秒还没有读完，没有收。", "It was not read within {0} s and was left out."),
    "crashed": (
        "读这个文件时程序出错或内存不够，没有收。",
        "Reading it broke the reader or filled its memory; it was left out.",
    ),
    # same names
    "same": ("档案里已有完全相同的这个文件。", "The archive has this very file already."),
    "exists": (
        "已有同名文件，内容不同，没有收。要收请先选“两个都留”或“替换”。",
        "There is another file of this name, so it was left out. "
        'Choose "keep both" or "replace" and send it again.',
    ),
    # done
    "added": ("已入档：{0} 篇文章，{1} 段。", "Added (articles: {0}, passages: {1})."),
    "renamed": (
        "已有同名文件，存为 {2}：{0} 篇文章，{1} 段。",
        "There is another file of this name: kept as {2} (articles: {0}, passages: {1}).",
    ),
    "replaced": (
        "已替换同名文件（旧文件移出，可恢复）：{0} 篇文章，{1} 段。",
        "Replaced the file of this name, which can be restored (articles: {0}, passages: {1}).",
    ),
    "repeated": (
        "另有 {0} 篇别的文件里已有，不再收。",
        "Articles that other files have already: {0}.",
    ),
    "removed": ("已移出，可在下面恢复。", "Removed. It can be restored below."),
    "restored": ("已恢复：{0} 篇文章，{1} 段。", "Restored (articles: {0}, passages: {1})."),
    # not done
    "not allowed": (
        "只有登录的用户或在本机打开的页面才能改动档案。",
        "Only those who have logged in, or this machine itself, may change the archive.",
    ),
    "unknown": ("档案里没有这个文件。", "The archive has no such file."),
    "last": (
        "这是最后一个文件，档案不能空。请先传别的。",
        "This is the last file, and an archive needs one. Upload another first.",
    ),
    "failed": ("没有做成：{0}", "It could not be done: {0}"),
    "rebuilt": ("索引已更新：{0} 个文件，{1} 篇文章。", "Indexed (files: {0}, articles: {1})."),
    "not rebuilt": (
        "文件已经放好，但索引没有更新：{0} 排除原因后按“重建索引”。",
        'The files are in place, but the index was not rebuilt: {0} Mend that and press "Rebuild".',
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to say: a key of SAYINGS and what stands in its braces."""

    key: str
    values: tuple[str, ...] = ()

    def say(self, language: Language) -> str:
        """The sentence; plain text."""
        return SAYINGS[self.key][language == "en"].format(*self.values)
