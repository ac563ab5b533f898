"""What somebody publishes in Redis by hand is shown, and is not the truth."""

from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.window import Window
from tests.product.running import Product


def test_a_foreign_publish_shows_up_and_a_reload_shows_the_truth(
    window: Window, other_window: Window, product: Product, ada: Person
) -> None:
    task = ada.add("From the database")
    for one in (window, other_window):
        one.expect_titles("From the database")
    word = {"type": "task_update", "data": {"id": task, "title": "from redis"}}
    product.publish(f"user:{ada.id}:tasks", word)
    for one in (window, other_window):
        one.expect_titles("from redis")

    window.page.reload()
    window.expect_titles("From the database")


def test_the_next_numbered_word_overrules_a_foreign_one(
    window: Window, product: Product, ada: Person
) -> None:
    task = ada.add("Version one")
    window.expect_titles("Version one")
    word = {"type": "task_update", "data": {"id": task, "title": "from redis"}}
    product.publish(f"user:{ada.id}:tasks", word)
    window.expect_titles("from redis")
    ada.change(task, priority=3)
    window.expect_titles("Version one")
    expect(window.row("Version one").get_by_role("img", name="Priority: High")).to_be_visible()


def test_a_word_that_means_nothing_changes_nothing(
    window: Window, product: Product, ada: Person
) -> None:
    window.add("Still here")
    window.id_of("Still here")
    for word in (
        {"type": "task_update", "data": {"id": 10**9, "title": "nobody's"}},
        {"type": "task_update", "data": {"id": "seven", "title": 7}},
        {"type": "task_update"},
        {"type": "weather_update", "data": {"sun": True}},
    ):
        product.publish(f"user:{ada.id}:tasks", word)
    ada.add("After them")
    window.expect_titles("After them", "Still here")
    window.expect_live()
