"""What tests of HTML share: text that would do harm unescaped, and what a reader sees."""

from __future__ import annotations

import html
import re

HOSTILE = '<script>alert(1)</script><img src=x onerror="x()">\n\n# & \'"`$x$'


def visible(fragment: str) -> str:
    """Text that a reader sees in a fragment of HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", fragment.replace("<br>", "\n")))
