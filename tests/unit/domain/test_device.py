import pytest

from taskwire.domain.device import UNKNOWN, Device, device_of, sign_in_news

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
EDGE = CHROME + " Edg/140.0.0.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (CHROME, "Chrome on Windows"),
        (EDGE, "Edge on Windows"),
        (IPHONE, "Safari on iPhone"),
        (ANDROID, "Chrome on Android"),
        ("curl/8.9.1", "curl"),
        ("", UNKNOWN),
        ("<script>alert(1)</script>\r\nBcc: all@example.org", UNKNOWN),
        ("x" * 1_000_000 + FIREFOX, UNKNOWN),
    ],
)
def test_a_device_has_a_name_that_its_owner_knows_and_a_stranger_cannot_choose(
    user_agent: str, name: str
) -> None:
    assert device_of(user_agent, "192.0.2.1").name == name


def test_an_update_of_the_browser_is_no_new_device() -> None:
    older = device_of(FIREFOX.replace("140", "139"), "192.0.2.1")
    assert older.mark(1) == device_of(FIREFOX, "192.0.2.1").mark(1)


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("192.0.2.1", "192.0.2.77", True),
        ("192.0.2.1", "198.51.100.1", False),
        ("2001:db8:1::1", "2001:db8:1:ffff::2", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("", "", True),
        ("testclient", "testclient", True),
    ],
)
def test_a_household_is_one_place_whatever_its_address_is_today(
    first: str, second: str, *, is_same: bool
) -> None:
    marks = [Device("Firefox on Linux", address).mark(1) for address in (first, second)]
    assert (marks[0] == marks[1]) is is_same


def test_two_people_at_one_device_are_known_each_for_themselves() -> None:
    device = Device("Firefox on Linux", "192.0.2.1")
    assert device.mark(1) != device.mark(2)


def test_the_news_says_what_and_from_where() -> None:
    news = sign_in_news(Device("Firefox on Linux", "192.0.2.1"))
    assert (news.kind, news.title) == ("sign_in", "Firefox on Linux")
    assert news.body == "Somebody signed in to your account from 192.0.2.1."
