"""Newspaper pages with known articles: news in, pages as PDFs and OCR give them, with the truth."""

from .page import Page, newspaper_page, newspaper_pages
from .stories import Story, read_stories

__all__ = ["Page", "Story", "newspaper_page", "newspaper_pages", "read_stories"]
