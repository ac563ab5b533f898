"""What a page has drawn, and when, noted in the page itself: no poll is quick enough."""

from dataclasses import dataclass

from tests.browser.window import Window

_NOTE_ROW = """(title) => {
  window.rowSeen = false;
  const look = () => {
    for (const shown of document.querySelectorAll('[data-testid=task-title]')) {
      if (shown.textContent !== title) continue;
      const { top, bottom } = shown.getBoundingClientRect();
      const list = document.querySelector('.list').getBoundingClientRect();
      if (bottom > list.top && top < list.bottom) window.rowSeen = true;
    }
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
}"""
_NOTE_FRAMES = """() => {
  window.tasksMs = [];
  window.gapsMs = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.tasksMs.push(duration);
  }).observe({ type: 'longtask' });
  let beforeMs = null;
  const frame = (nowMs) => {
    if (beforeMs !== null) window.gapsMs.push(nowMs - beforeMs);
    beforeMs = nowMs;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""
_NOTE_TOASTS = """(mark) => {
  window.toastsMs = {};
  const pattern = new RegExp(mark + '(\\\\d+)', 'g');
  new MutationObserver(() => {
    const nowMs = performance.timeOrigin + performance.now();
    for (const toast of document.querySelectorAll('.toast')) {
      for (const [, number] of toast.textContent.matchAll(pattern)) {
        window.toastsMs[number] ??= nowMs;
      }
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


@dataclass(frozen=True)
class Frames:
    """Of the page's main thread: tasks over 50 ms, and what lay between two frames."""

    tasks_ms: list[float]
    gaps_ms: list[float]


def note_row(window: Window, title: str) -> None:
    """From now on, whether a row of this title comes into sight."""
    window.page.evaluate(_NOTE_ROW, title)


def is_row_seen(window: Window) -> bool:
    seen: bool = window.page.evaluate("window.rowSeen")
    return seen


def note_frames(window: Window) -> None:
    window.page.evaluate(_NOTE_FRAMES)


def frames_of(window: Window) -> Frames:
    tasks, gaps = window.page.evaluate("[window.tasksMs, window.gapsMs]")
    return Frames(tasks, gaps)


def note_toasts(window: Window, mark: str) -> None:
    """From now on, when each toast appeared that says `mark` and a number behind it."""
    window.page.evaluate(_NOTE_TOASTS, mark)


def toasts_of(window: Window) -> dict[int, float]:
    """The epoch's milliseconds at which it stood in the page, by number."""
    found: dict[str, float] = window.page.evaluate("window.toastsMs")
    return {int(number): at_ms for number, at_ms in found.items()}
