"""A list of tasks goes through the worker and comes up, task by task, in every open window."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.drawing import is_row_seen, note_row
from tests.browser.person import Person
from tests.browser.window import Window

COUNT = 500
BY_HAND = "By hand, meanwhile"
TODOIST = "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE"


def test_500_tasks_come_up_in_both_windows_with_progress_and_no_reload(
    window: Window, other_window: Window, ada: Person
) -> None:
    seen = _note_progress(window)
    _start_import(window, [f"Task {number}" for number in range(1, COUNT + 1)])
    progress = window.by("import-progress")
    expect(progress).to_have_attribute("data-status", "done", timeout=30_000)
    expect(progress).to_contain_text("500 tasks imported")
    window.by("import-close").click()
    for one in (window, other_window):
        expect(one.by("view-inbox")).to_contain_text("500")
        expect(one.rows.first).to_have_attribute("aria-setsize", "500")
        assert set(_titles_by_scrolling(one)) == {f"Task {number}" for number in range(1, 501)}
    assert len(ada.tasks()) == COUNT
    shown = seen()
    assert shown == sorted(shown), "it only ever went forward"
    assert len([done for done in shown if 0 < done < COUNT]) > 3, f"steps on the way: {shown}"


def test_a_csv_brings_dates_and_priorities(window: Window) -> None:
    _start_import(window, ["title,priority,due_on", '"Pay, at last",3,2031-05-04'], name="list.csv")
    expect(window.by("import-progress")).to_have_attribute("data-status", "done")
    window.by("import-close").click()
    row = window.row("Pay, at last")
    expect(row.get_by_role("img", name="Priority: High")).to_be_visible()
    expect(row.locator("time")).to_have_text("4 May 2031")


def test_5000_rows_of_todoist_come_up_while_somebody_works(window: Window, ada: Person) -> None:
    rows = [f"task,Task {number},,4,1,,,,en,UTC" for number in range(1, 5001)]
    _choose_file(window, [TODOIST, *rows, "section,Work,,,,,,,,"], name="Inbox.csv")
    expect(window.by("import-format")).to_have_value("todoist")
    expect(window.by("import-preview")).to_contain_text("Becomes 5,000 tasks")
    expect(window.by("import-losses")).to_contain_text("sections")
    window.by("import-start").click()
    expect(window.by("import-progress")).to_contain_text("of 5,000")
    window.by("import-close").click()
    note_row(window, BY_HAND)  # newer rows push it out of sight at once
    window.add(BY_HAND)

    window.by("open-jobs").click()
    job = window.by("job")
    expect(job).to_contain_text("Inbox.csv")
    expect(job).to_have_attribute("data-status", "done", timeout=120_000)
    window.by("jobs-close").click()
    expect(window.by("view-inbox")).to_contain_text("5,001", timeout=120_000)
    titles = ada.titles()
    assert len(titles) == 5001
    assert BY_HAND in titles[:-1], "it was added in the middle"
    assert is_row_seen(window), "it came into sight when it was added"
    _scroll_to_row(window, len(titles) - 1 - titles.index(BY_HAND))
    expect(window.row(BY_HAND)).to_be_in_viewport()


def test_a_table_of_unknown_make_is_imported_by_its_columns(window: Window) -> None:
    _choose_file(window, ["Task name,When", "Buy milk,2031-05-04"], name="table.csv")
    expect(window.by("map-title")).to_have_value("Task name", timeout=60_000)
    window.choose("map-due", "When")
    expect(window.by("import-preview")).to_contain_text("4 May 2031")
    window.by("import-start").click()
    expect(window.by("import-progress")).to_have_attribute("data-status", "done")
    window.by("import-close").click()
    expect(window.row("Buy milk").locator("time")).to_have_text("4 May 2031")


def test_an_import_goes_on_behind_a_closed_dialog_until_it_is_cancelled_and_keeps_what_arrived(
    window: Window, ada: Person
) -> None:
    # Long enough to be found at work, however slow the browser is today.
    _start_import(window, [f"Task {number}" for number in range(1, 3001)])
    window.by("import-close").click()
    window.by("import-pill").click()
    progress = window.by("import-progress")
    expect(progress).to_have_attribute("data-status", "running")
    expect(progress).to_contain_text(re.compile(r"[1-9]\d* of 3,000"))
    window.by("import-cancel").click()
    expect(progress).to_have_attribute("data-status", "cancelled")
    expect(progress).to_contain_text("What arrived is kept.")

    kept = len(ada.tasks())
    assert 0 < kept < 3000
    expect(progress).to_contain_text(f"cancelled after {kept:,} of 3,000")
    window.by("import-close").click()
    expect(window.by("import-pill")).to_have_count(0)
    expect(window.by("view-inbox")).to_contain_text(f"{kept:,}")


def test_a_file_that_is_no_list_is_refused_with_a_sentence(window: Window) -> None:
    window.troubles.expect("status of 422 ")
    _start_import(window, ["title,due_on", "Pay the rent,one of these days"], name="list.csv")
    expect(window.page.get_by_role("alert")).to_have_text(
        "The server did not accept this file, so nothing was imported: "
        "Line 2: due_on is not understood: one of these days"
    )
    expect(window.by("import-start")).to_be_enabled()


def _start_import(window: Window, lines: list[str], name: str = "list.txt") -> None:
    _choose_file(window, lines, name)
    # What comes with it moves the button: a click in that moment may fall beside it.
    seen = window.by("import-preview").or_(window.page.get_by_role("alert").filter(has_text=":"))
    expect(seen.first).to_be_visible(timeout=60_000)
    window.by("import-start").click()


def _choose_file(window: Window, lines: list[str], name: str) -> None:
    content = "\n".join(lines).encode()
    window.by("open-import").click()
    window.by("import-file").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content}
    )


def _note_progress(window: Window) -> Callable[[], list[int]]:
    """From now on, each state of the bar that the page has drawn: no poll is quick enough."""
    window.page.evaluate(
        """() => {
          window.progressSeen = [];
          new MutationObserver(() => {
            const bar = document.querySelector('[data-testid=import-progress] progress');
            if (bar && bar.value !== window.progressSeen.at(-1)) window.progressSeen.push(bar.value);
          }).observe(document.body, { subtree: true, childList: true, attributes: true });
        }"""
    )

    def seen() -> list[int]:
        values: list[int] = window.page.evaluate("window.progressSeen")
        return values

    return seen


def _scroll_to_row(window: Window, number: int) -> None:
    """All rows are of one height; the list has a height for all of them."""
    window.page.evaluate(
        """(number) => {
          const list = document.querySelector('.list');
          const row = list.querySelector('[data-testid=task-row]').getBoundingClientRect();
          list.scrollTop = number * row.height - list.clientHeight / 2;
        }""",
        number,
    )


def _titles_by_scrolling(window: Window) -> list[str]:
    """Only what is in sight is in the page, so go through it as a reader would."""
    titles: list[str] = window.page.evaluate(
        """async () => {
          const list = document.querySelector('.list');
          const titles = new Set();
          for (let top = 0; top < list.scrollHeight; top += list.clientHeight) {
            list.scrollTop = top;
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            for (const title of list.querySelectorAll('[data-testid=task-title]')) {
              titles.add(title.textContent);
            }
          }
          return [...titles];
        }"""
    )
    return titles
