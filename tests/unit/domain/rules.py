"""Rules as people write them, and many more, for the tests that compare with dateutil."""

from hypothesis import strategies as st

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def _some(values: list[int], largest: int) -> st.SearchStrategy[str]:
    listed = st.lists(st.sampled_from(values), min_size=1, max_size=largest, unique=True)
    return listed.map(lambda numbers: ",".join(map(str, numbers)))


_plain_days = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4, unique=True)
_nth_days = st.lists(
    st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1, -2]), st.sampled_from(WEEKDAYS)).map(
        lambda nth: f"{nth[0]}{nth[1]}"
    ),
    min_size=1,
    max_size=3,
    unique=True,
)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Weeks of the year are in `rules_by_week`: around New Year dateutil counts them wrongly."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    is_long = frequency in ("MONTHLY", "YEARLY")
    parts = {"FREQ": st.just(frequency), "INTERVAL": st.integers(1, 12).map(str)}
    days = _plain_days | _nth_days if is_long else _plain_days
    parts |= {"BYDAY": days.map(",".join), "BYMONTH": _some(list(range(1, 13)), 4)}
    parts |= {
        "BYMONTHDAY": _some([1, 2, 13, 15, 28, 29, 30, 31, -1, -2, -29, -31], 3),
        "BYYEARDAY": _some([1, 60, 100, 200, 366, -1, -366, -100], 3),
        "WKST": st.sampled_from(WEEKDAYS),
    }
    rare = ["BYYEARDAY"] if draw(st.integers(0, 9)) else []
    names = draw(st.sets(st.sampled_from([n for n in parts if n not in ("FREQ", *rare)])))
    if is_long and names & {"BYDAY", "BYMONTHDAY"} and draw(st.booleans()):
        parts["BYSETPOS"] = _some([1, 2, 3, -1, -2], 2)
        names = names | {"BYSETPOS"}
    return ";".join(f"{name}={draw(parts[name])}" for name in ["FREQ", *sorted(names)])


@st.composite
def rules_by_week(draw: st.DrawFn) -> str:
    weeks = _some([*range(1, 54), *range(-53, 0)], 4)
    parts = {
        "BYWEEKNO": weeks,
        "WKST": st.sampled_from(WEEKDAYS),
        "BYDAY": _plain_days.map(",".join),
    }
    names = ["BYWEEKNO", *sorted(draw(st.sets(st.sampled_from(["WKST", "BYDAY"]))))]
    return ";".join(["FREQ=YEARLY", *(f"{name}={draw(parts[name])}" for name in names)])
