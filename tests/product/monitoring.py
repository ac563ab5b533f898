"""A real Prometheus with the files of deploy/monitoring, over two `serve`, a worker and a bad day.

A program, and no test: not every machine has Prometheus (Debian: `apt install prometheus`).

    .venv/bin/python -m tests.product.monitoring

It says of each target, rule and panel what Prometheus made of it, and ends with 1 when something was
not as it should be: a target down, a rule that does not load, a query without an answer, an alarm that
stays silent over the fault that it is for.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from taskwire.adapters.database.migrate import migrate
from tests.fakes.waiting import wait_until_answer
from tests.product.person import registered
from tests.product.serving import Deployment, Serving, serving, working
from tests.services.processes import free_port, running
from tests.services.redis import redis_server
from tooling.places import ROOT

FOLDER = ROOT / "deploy" / "monitoring"
WITHIN_S = 60.0
SCRAPE_INTERVAL = "1s"
"""Shipped: 15 s, which is right for a night and too long for a look."""

Answer = dict[str, Any]


@dataclass(frozen=True)
class Prometheus:
    port: int

    def ask(self, path: str, **words: str) -> Answer:
        query = urllib.parse.urlencode(words)
        address = f"http://127.0.0.1:{self.port}/api/v1/{path}?{query}"
        with urllib.request.urlopen(address, timeout=10) as answer:
            read: Answer = json.load(answer)
        assert read["status"] == "success", read
        data: Answer = read["data"]
        return data

    def series(self, expression: str) -> list[Answer]:
        found: list[Answer] = self.ask("query", query=expression)["result"]
        return found

    def targets(self) -> list[Answer]:
        found: list[Answer] = self.ask("targets")["activeTargets"]
        return found

    def rules(self) -> list[Answer]:
        return [rule for group in self.ask("rules")["groups"] for rule in group["rules"]]

    def answers(self) -> bool:
        try:
            return bool(self.ask("status/buildinfo"))
        except OSError:
            return False


@contextmanager
def prometheus(targets: list[str]) -> Iterator[Prometheus]:
    """The shipped files; in place of the container network's names stand the addresses here."""
    binary = shutil.which("prometheus")
    if binary is None:
        sys.exit("There is no Prometheus: on Debian, apt install prometheus.")
    with tempfile.TemporaryDirectory(prefix="taskwire-prometheus-") as name:
        folder, server = Path(name), Prometheus(free_port())
        _render(folder, targets)
        command = [
            binary,
            f"--config.file={folder}/prometheus.yml",
            f"--storage.tsdb.path={folder}/data",
            f"--web.listen-address=127.0.0.1:{server.port}",
        ]
        with running(command, log=folder / "log", answers=server.answers):
            yield server


def _render(folder: Path, targets: list[str]) -> None:
    yaml = YAML()
    written = yaml.load(FOLDER / "prometheus.yml")
    (scrape,) = written["scrape_configs"]
    del scrape["dns_sd_configs"]
    scrape["static_configs"] = [{"targets": targets}]
    scrape["scrape_interval"] = scrape["scrape_timeout"] = SCRAPE_INTERVAL
    written["global"] = {"evaluation_interval": SCRAPE_INTERVAL}
    yaml.dump(written, folder / "prometheus.yml")
    shutil.copy(FOLDER / "alerts.yml", folder)


def panels() -> dict[str, str]:
    """Each query of the dashboard, by its panel."""
    dashboard = json.loads((FOLDER / "grafana.json").read_text(encoding="utf-8"))
    return {
        target["expr"]: panel["title"]
        for panel in dashboard["panels"]
        for target in panel["targets"]
    }


@dataclass
class Report:
    faults: int = 0

    def tell(self, what: str, *, is_well: bool, more: str = "") -> None:
        self.faults += not is_well
        print("✓" if is_well else "✗", what, more)  # noqa: T201 - a program


async def _look(server: Prometheus, first: Serving, second: Serving, report: Report) -> None:
    await _on_a_good_day(server, first, report)
    await _on_a_bad_day(server, first, second, report)
    await _pictures(server, report)


async def _on_a_good_day(server: Prometheus, first: Serving, report: Report) -> None:
    up = await _comes(lambda: [target["health"] for target in server.targets()] == ["up", "up"])
    report.tell("both processes are scraped", is_well=up)
    async with registered(first) as person, person.line() as opened:
        await person.add("Counted")
        await opened.frame()
    worker = await _comes(lambda: server.series("taskwire_worker_silent_s < 60"))
    report.tell("the worker is known", is_well=worker)
    calm = await _comes(lambda: all(rule["state"] == "inactive" for rule in server.rules()))
    report.tell("no alarm", is_well=calm)
    for rule in server.rules():
        more = f"{rule['health']}, {rule['query']} {rule.get('lastError', '')}"
        report.tell(f"rule {rule['name']}", is_well=rule["health"] == "ok", more=more)


async def _on_a_bad_day(
    server: Prometheus, first: Serving, second: Serving, report: Report
) -> None:
    """Redis dies, a cursor of another database comes, then a process dies: alarms, and samples."""
    async with registered(first) as person, person.line(since="0123456789abcdef.7") as opened:
        await opened.frame()  # a reset
        os.kill(first.redis.process_id, signal.SIGKILL)
        await person.add("Nobody publishes this")
        await opened.frame()  # by the sweep
        await person.http.post("/api/auth/logout")
        await opened.close_code()
    report.tell("Redis is dead: alarm", is_well=await _alarm(server, "TaskwireRedisAway"))
    second.process.kill()
    report.tell("a process is dead: alarm", is_well=await _alarm(server, "TaskwireDown"))


async def _pictures(server: Prometheus, report: Report) -> None:
    for expression, panel in panels().items():
        is_found = await _comes(partial(server.series, expression))
        report.tell(f"panel “{panel}”", is_well=is_found, more=expression)


async def _alarm(server: Prometheus, name: str) -> bool:
    """Pending is enough: the fault is seen, and only its time has to pass."""

    def is_seen() -> bool:
        return {"pending", "firing"} & {
            rule["state"] for rule in server.rules() if rule["name"] == name
        } != set()

    return await _comes(is_seen)


async def _comes(condition: Callable[[], object]) -> bool:
    async def answer() -> object:
        return condition()

    try:
        await wait_until_answer(answer, WITHIN_S)
    except AssertionError:
        return False
    return True


def main() -> int:
    report = Report()
    shipped = ["promtool", "check", "config", str(FOLDER / "prometheus.yml")]
    checked = subprocess.run(shipped, capture_output=True, text=True, check=False)
    report.tell("the files as they are", is_well=not checked.returncode, more=checked.stderr)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder}/taskwire.db"
        migrate(url)
        deployment = Deployment(folder, url, stack.enter_context(redis_server()), {})
        first, second = (stack.enter_context(serving(deployment, name)) for name in ("one", "two"))
        stack.enter_context(working(deployment))
        addresses = [f"{serve.host}:{serve.port}" for serve in (first, second)]
        server = stack.enter_context(prometheus(addresses))
        asyncio.run(_look(server, first, second, report))
    report.tell(f"{report.faults} faults", is_well=not report.faults)
    return min(report.faults, 1)


if __name__ == "__main__":
    sys.exit(main())
