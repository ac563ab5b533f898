"""The command line as far as it decides anything by itself."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from taskwire import cli
from taskwire.adapters.processes.errors import EXIT_FIX_FIRST, EXIT_TRY_LATER, MIGRATE_SPEAKS
from taskwire.adapters.processes.errors import CannotStart as Trouble
from taskwire.cli.people import read_people
from taskwire.cli.prepared import read_settings
from taskwire.cli.trouble import said_in_one_line
from taskwire.domain.errors import EmailTakenError, UnavailableError
from taskwire.settings import Settings

COMMANDS = ("up", "serve", "worker", "beat", "migrate", "users", "watch")
SECRET_OPTIONS = ("--password ", "--secret-key", "--redis-url", "--database-url")


def test_each_command_explains_itself_and_takes_no_secret() -> None:
    runner = CliRunner()
    for words in [*([name] for name in COMMANDS), ["users", "add"], ["users", "set-password"]]:
        shown = runner.invoke(cli.app, [*words, "--help"])
        assert shown.exit_code == 0
        assert not any(option in shown.output for option in SECRET_OPTIONS)


def test_help_loads_neither_the_web_nor_the_database_nor_celery() -> None:
    """`up` is this process for its whole life, and a person waits for `--help`."""
    program = (
        "import sys, taskwire.cli; "
        "print([name for name in ('fastapi', 'sqlalchemy', 'celery', 'pydantic') "
        "if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert found.stdout.strip() == b"[]"


@pytest.mark.parametrize(
    ("trouble", "exit_code", "line"),
    [
        (Trouble("set PORT"), EXIT_FIX_FIRST, "taskwire: set PORT"),
        (Trouble("soon", may_pass=True), EXIT_TRY_LATER, "taskwire: soon"),
        (UnavailableError(), EXIT_TRY_LATER, "taskwire: the database does not answer"),
        (EmailTakenError(), 1, "taskwire: There is an account"),
    ],
)
def test_expected_trouble_is_one_line_and_a_code(
    capsys: pytest.CaptureFixture[str], trouble: Exception, exit_code: int, line: str
) -> None:
    with pytest.raises(SystemExit) as end, said_in_one_line():
        raise trouble
    assert end.value.code == exit_code
    said = capsys.readouterr().err
    assert said.startswith(line)
    assert said.count("\n") == 1


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), said_in_one_line():
        _ = 1 / 0


def test_beside_migrate_the_others_leave_in_silence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MIGRATE_SPEAKS, "yes")
    with pytest.raises(SystemExit) as end, said_in_one_line():
        raise UnavailableError
    assert end.value.code == EXIT_TRY_LATER
    assert capsys.readouterr().err == ""


def test_people_in_bulk_are_read_from_a_file(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text('a@x.org, Ada ,"pass, word"\n\nb@x.org,Ben,secret\n', encoding="utf-8")
    assert read_people(str(people)) == [
        ("a@x.org", "Ada", "pass, word"),
        ("b@x.org", "Ben", "secret"),
    ]


@pytest.mark.parametrize("line", ["a@x.org,Ada", "a@x.org,Ada,secret,more"])
def test_a_line_that_is_no_person_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    people = tmp_path / "people.csv"
    people.write_text(f"b@x.org,Ben,secret\n{line}\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        read_people(str(people))
    assert "line 2" in capsys.readouterr().err


def test_a_settings_error_names_the_variable_and_not_its_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "hunter2")
    with pytest.raises(Trouble, match="the setting PORT") as trouble:
        read_settings()
    assert "hunter2" not in str(trouble.value)


def test_only_up_hands_over_a_socket() -> None:
    assert Settings().listen_fd is None
