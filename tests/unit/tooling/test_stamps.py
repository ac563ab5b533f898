from pathlib import Path

import pytest

from tooling.stamps import Stamp, fingerprint


@pytest.fixture(name="root")
def a_repository(tmp_path: Path) -> Path:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "page.ts").write_text("one")
    return tmp_path


def test_work_that_was_never_done_is_not_current(root: Path) -> None:
    assert not Stamp(root / "stamp", "made from this").is_current()


def test_finished_work_is_current_for_the_same_input_only(root: Path) -> None:
    Stamp(root / "stamp", "made from this").write()
    assert Stamp(root / "stamp", "made from this").is_current()
    assert not Stamp(root / "stamp", "made from that").is_current()


def test_interrupted_work_is_done_again(root: Path) -> None:
    stamp = Stamp(root / "stamp", "made from this")
    stamp.write()
    stamp.clear()  # the work begins again, and is interrupted here
    assert not stamp.is_current()


def test_a_fingerprint_changes_with_content_name_and_fact(root: Path) -> None:
    source = root / "source"
    seen = [fingerprint([source], root=root), fingerprint([source], "a fact", root=root)]
    (source / "page.ts").write_text("two")
    seen.append(fingerprint([source], root=root))
    (source / "page.ts").rename(source / "other.ts")
    seen.append(fingerprint([source], root=root))
    assert len(set(seen)) == len(seen)


def test_a_fingerprint_ignores_what_tools_put_beside_the_sources(root: Path) -> None:
    before = fingerprint([root / "source"], root=root)
    (root / "source" / "node_modules").mkdir()
    (root / "source" / "node_modules" / "react.js").write_text("anything")
    assert fingerprint([root / "source"], root=root) == before
