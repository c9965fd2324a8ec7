"""Arguments of python -m ui go in; the page, served here by a process of its own, comes out."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"  # no other: a load test of somebody else's machine is an attack
_PATIENCE = 600.0  # seconds until models and index are open, and built where there is none


@dataclass(frozen=True, slots=True)
class Served:
    """A page that is there."""

    address: str
    pid: int

    def memory(self) -> int:
        """Bytes of the server's memory that are in RAM, as Linux counts them."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise ProcessLookupError(f"the server {self.pid} has ended")


@contextmanager
def served(port: int, arguments: Sequence[str] = ()) -> Iterator[Served]:
    """Raises RuntimeError where the server ends before it answers."""
    address = f"http://{HOST}:{port}/"
    command = [sys.executable, "-m", "ui", "--host", HOST, "--port", str(port), *arguments]
    server = subprocess.Popen(command)
    try:
        until = time.monotonic() + _PATIENCE
        while not _answers(address):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{' '.join(command)} did not serve (status {server.poll()})")
            time.sleep(0.5)
        yield Served(address, server.pid)
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
