"""Gradio in, Gradio that fetches nothing out.

Whatever an endpoint takes, Gradio fetches an address that a caller names in the place of a file,
and has no switch against it. This page works offline and fetches on nobody's behalf.
"""

from __future__ import annotations

from typing import Any, NoReturn

import gradio as gr
from gradio import processing_utils


async def _refuse(url: str) -> NoReturn:
    raise gr.Error("Nothing is fetched from elsewhere. Send the file itself.")


def fetch_nothing() -> None:
    """For this process, from now on."""
    gradio: Any = processing_utils
    gradio.async_ssrf_protected_get = _refuse
