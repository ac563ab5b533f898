"""What the nemesis knows of processes: who has started whom, what they are called and hold."""

import os
import subprocess
import sys

from tests.faults.process_tree import children_of, family_of, holdings_of, words_of

WAIT_FOR_INPUT = "import sys; sys.stdin.read()"


def test_a_child_is_found_by_its_parent_with_its_words_and_what_it_holds() -> None:
    with subprocess.Popen([sys.executable, "-c", WAIT_FOR_INPUT], stdin=subprocess.PIPE) as child:
        assert child.pid in children_of(os.getpid())
        assert child.pid in family_of(os.getpid())[1:]
        assert WAIT_FOR_INPUT in words_of(child.pid)
        held = holdings_of(child.pid)
        assert held is not None
        assert held.rss_bytes > 0
        assert held.descriptors >= 3


def test_a_process_that_is_gone_has_neither_words_nor_holdings() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert words_of(ended.pid) == []
    assert holdings_of(ended.pid) is None
    assert family_of(ended.pid) == [ended.pid]
