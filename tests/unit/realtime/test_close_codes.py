"""The table of reasons for hanging up."""

from taskwire.realtime.close_codes import BY_CODE, CLOSE_REASONS, Advice


def test_the_table_holds_each_code_and_name_once() -> None:
    assert len(BY_CODE) == len({reason.name for reason in CLOSE_REASONS}) == len(CLOSE_REASONS)


def test_every_code_may_travel_in_a_close_frame() -> None:
    assert all(1000 <= code <= 1014 or 4000 <= code <= 4999 for code in BY_CODE)


def test_every_text_fits_into_a_close_frame() -> None:
    assert all(len(reason.text.encode()) <= 123 for reason in CLOSE_REASONS)


def test_who_is_sent_away_for_a_while_is_told_to_come_back() -> None:
    coming_back = {code for code, reason in BY_CODE.items() if reason.advice is Advice.COME_BACK}
    assert coming_back == {1001, 1002, 1003, 1007, 1009, 1011, 1012, 1013, 4401, 4408, 4429}
