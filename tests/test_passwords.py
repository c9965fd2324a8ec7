"""Who may open the page: hashed passwords, and no other host without them."""

from __future__ import annotations

import pytest

from ui.__main__ import main
from ui.passwords import Passwords, PasswordsError, line_of


@pytest.mark.parametrize(("name", "password"), [("zhang", "明水街道 75"), ("jane", "a:b c")])
def test_only_the_right_password_opens(tmp_path, name, password):
    file = tmp_path / "users"
    file.write_text(line_of(name, password) + "\n\n" + line_of("other", "x"), encoding="utf-8")
    may = Passwords.read(file)
    assert may(name, password)
    assert not may(name, password + " ") and not may(name, "") and not may("nobody", password)
    assert password not in file.read_text(encoding="utf-8")
    assert line_of(name, password) != line_of(name, password)  # salted


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "names nobody"), ("zhang:secret\n", "line 1 is no name:salt:hash")],
)
def test_a_file_that_lets_nobody_in_is_named(tmp_path, text, message):
    file = tmp_path / "users"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PasswordsError, match=f"{message}.*python -m ui.passwords"):
        Passwords.read(file)
    with pytest.raises(PasswordsError, match="cannot be read"):
        Passwords.read(tmp_path / "none")


@pytest.mark.parametrize("name", ["a b", "a:b", ""])
def test_a_name_that_no_line_can_hold_is_named(name):
    with pytest.raises(PasswordsError, match="no spaces and no colon"):
        line_of(name, "x")


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_other_hosts_are_not_served_without_authentication(host, capsys):
    assert main(["--host", host, "--port", "7999"]) == 2
    assert "--auth-file" in capsys.readouterr().err


def test_a_bad_file_of_passwords_is_bad_input(tmp_path, capsys):
    assert main(["--auth-file", str(tmp_path / "none")]) == 2
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("count", ["0", "33", "many"])
def test_visitors_out_of_range_are_bad_input(count, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--max-concurrency", count])
    assert stopped.value.code == 2
    assert "from 1 to 32" in capsys.readouterr().err
