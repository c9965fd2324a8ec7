"""A file of names and hashed passwords in, who may open the page out; and the lines of that file.

    python -m ui.passwords NAME >> users        # asks for the password, prints a line

A line is name:salt:hash, in hexadecimal; the hash is scrypt's (RFC 7914; n 2**14, r 8, p 1).
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import WenjuError

_LINE = re.compile(r"([^:\s]+):([0-9a-f]{32}):([0-9a-f]{64})")


class PasswordsError(WenjuError):
    """The file of passwords cannot be used."""


@dataclass(frozen=True, slots=True)
class Passwords:
    """Names and (salt, hash) of their passwords; called as Gradio asks: may this one come in?"""

    users: Mapping[str, tuple[bytes, bytes]]

    @classmethod
    def read(cls, path: Path) -> Passwords:
        """Raises PasswordsError for a file that is not there, holds nobody, or another line."""
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise PasswordsError(f"{path} cannot be read: {error}. {_REMEDY}") from error
        users: dict[str, tuple[bytes, bytes]] = {}
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            found = _LINE.fullmatch(line.strip())
            if found is None:
                raise PasswordsError(f"{path}, line {number} is no name:salt:hash. {_REMEDY}")
            users[found[1]] = (bytes.fromhex(found[2]), bytes.fromhex(found[3]))
        if not users:
            raise PasswordsError(f"{path} names nobody. {_REMEDY}")
        return cls(users)

    def __call__(self, name: str, password: str) -> bool:
        salt, kept = self.users.get(name, (b"nobody", b""))
        return hmac.compare_digest(_hashed(password, salt), kept)  # as long for nobody


_REMEDY = "Make its lines by: python -m ui.passwords NAME >> FILE"


def line_of(name: str, password: str) -> str:
    """The line of the file for a name. Raises PasswordsError for a name that no line can hold."""
    if not re.fullmatch(r"[^:\s]+", name) or not password:
        raise PasswordsError("A name has no spaces and no colon, and a password is not empty.")
    salt = secrets.token_bytes(16)
    return f"{name}:{salt.hex()}:{_hashed(password, salt).hex()}"


def _hashed(password: str, salt: bytes) -> bytes:
    secret = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(secret, salt=salt, n=2**14, r=8, p=1, dklen=32)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m ui.passwords NAME >> FILE")
    try:
        print(line_of(sys.argv[1], getpass.getpass("Password: ", stream=sys.stderr)))
    except PasswordsError as fault:
        sys.exit(str(fault))
