"""A request goes in; whether its sender may change the archive comes out."""

from __future__ import annotations

import ipaddress

import gradio as gr


def is_loopback(host: str) -> bool:
    """Does only this machine reach a server there, or speak from there?"""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def may_change(request: gr.Request) -> bool:
    """Only who has logged in, or sits at this machine; none who comes through a proxy unnamed."""
    client = request.client
    return bool(request.username) or (client is not None and is_loopback(client.host))
