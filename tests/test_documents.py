"""HTML, PDF and Word files: what is read out of them, and what is said where nothing is."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from embeddings import Config, Encoder, Index, rebuild
from embeddings.documents import read_document
from embeddings.errors import CorpusError
from embeddings.verify import verify

TITLE = {"zh": "河边新开图书馆", "en": "New Library Opens by the River"}
TEXT = {
    "zh": "昨天,图书馆在河边开馆,藏书3万册,每天开放12小时。",
    "en": "The library opened on Tuesday with 30,000 books and is open all day.",
}


def html(language: str, charset: str) -> bytes:
    """A page with a menu around its article, in the charset that it names."""
    page = (
        f'<html><head><meta charset="{charset}"><title>{TITLE[language]}</title></head><body>'
        '<nav><a href="/">Home 首页</a></nav><article>'
        f"<h1>{TITLE[language]}</h1><p>{TEXT[language]}</p></article></body></html>"
    )
    return page.encode("gbk" if charset == "gb2312" else charset)


def docx(language: str) -> bytes:
    import docx

    document = docx.Document()
    document.add_heading(TITLE[language])
    document.add_paragraph(TEXT[language])
    document.add_table(1, 1).rows[0].cells[0].text = "12"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(line: str) -> bytes:
    """One page with one line, written by hand; PDFs of no text have no line."""
    stream = f"BT /F1 12 Tf 20 100 Td ({line}) Tj ET" if line else ""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 200]/Contents 4 0 R"
        "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(f"{len(data):010d} 00000 n \n")
        data += f"{number} 0 obj\n{text}\nendobj\n".encode("ascii")
    table = f"xref\n0 5\n0000000000 65535 f \n{''.join(places)}"
    end = f"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + f"{table}{end}".encode("ascii")


@pytest.mark.parametrize(
    ("language", "charset"),
    [("zh", "gb2312"), ("zh", "utf-8"), ("en", "utf-8"), ("en", "iso-8859-1")],
)
def test_html(language: str, charset: str) -> None:
    if charset == "iso-8859-1":
        page = html(language, "utf-8").decode("utf-8").replace("utf-8", charset)
        data = page.encode("ascii", "xmlcharrefreplace")
    else:
        data = html(language, charset)
    found = read_document("a.html", data)
    assert (found.text, found.encoding) == (f"{TITLE[language]}\n{TEXT[language]}", "html")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_docx(language: str) -> None:
    found = read_document("a.docx", docx(language))
    assert found.text == f"{TITLE[language]}\n{TEXT[language]}\n12\n"


def test_pdf() -> None:
    assert read_document("a.pdf", pdf(TEXT["en"])).text.strip() == TEXT["en"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.pdf", pdf(""), r"a\.pdf holds no text \(are its pages pictures\?\)"),
        ("a.pdf", b"nothing", r"a\.pdf cannot be read as pdf: PdfiumError"),
        ("a.docx", b"nothing", r"a\.docx cannot be read as docx: BadZipFile"),
        ("a.html", b"<html></html>", r"a\.html holds no text"),
        ("a.html", b"<meta charset=big5>\xff\xff", r"a\.html says that it is big5 and is not"),
    ],
)
def test_no_text(name: str, data: bytes, words: str) -> None:
    with pytest.raises(CorpusError, match=words):
        read_document(name, data)


@pytest.mark.parametrize(
    ("name", "package"),
    [("a.html", "trafilatura"), ("a.pdf", "pypdfium2"), ("a.docx", "python-docx")],
)
def test_a_missing_library_is_named(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, {"python-docx": "docx"}.get(package, package), None)
    with pytest.raises(CorpusError, match=rf"without {package}.*wenju\[documents\]"):
        read_document(name, html("zh", "utf-8"))


def test_documents_are_a_corpus(tmp_path: Path, config: Config, encoder: Encoder) -> None:
    corpus = tmp_path / "pages"
    corpus.mkdir()
    (corpus / "a.html").write_bytes(html("zh", "gb2312"))
    (corpus / "b.docx").write_bytes(docx("en"))
    manifest = rebuild(corpus, tmp_path / "i", config, encoder)
    assert manifest.read_as == {"a.html": "html", "b.docx": "docx"}
    index = Index.open(tmp_path / "i", encoder, config, corpus)
    assert index.chunks[index.search_lexical("藏书多少册?", 1)[0][0]].source == "a.html"
    assert verify(tmp_path / "i", config, encoder=encoder).corpus_files == 2
