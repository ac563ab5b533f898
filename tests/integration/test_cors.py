"""Which pages of other origins may use the API."""

import httpx2
import pytest

from tests.product.person import Person, anonymous
from tests.product.serving import Serving

OURS = [f"{scheme}://localhost:{port}" for scheme in ("http", "https") for port in (3000, 5173)]
FOREIGN = [
    "https://evil.example",
    "null",
    "http://localhost:3001",
    "http://localhost",
    "http://localhost:3000.evil.example",
    "http://127.0.0.1:3000",
]
WANTED = "authorization,content-type,if-match,idempotency-key"


async def preflight(product: Serving, origin: str, method: str = "PUT") -> httpx2.Response:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": WANTED,
    }
    async with anonymous(product) as http:
        return await http.options("/api/tasks/1", headers=headers)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("origin", OURS)
async def test_the_pages_of_development_may(product: Serving, origin: str, method: str) -> None:
    answer = await preflight(product, origin, method)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    assert all(name in allowed for name in WANTED.split(","))


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_page_may_not(product: Serving, origin: str) -> None:
    answer = await preflight(product, origin)
    assert answer.status_code == 400
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_an_allowed_page_may_read_what_it_needs(ann: Person) -> None:
    answer = await ann.http.get("/api/tasks", headers={"Origin": OURS[0]})
    exposed = answer.headers["Access-Control-Expose-Headers"]
    assert {"Taskwire-Position", "ETag"} <= set(exposed.split(", "))


async def test_a_foreign_page_reads_nothing(ann: Person) -> None:
    answer = await ann.http.get("/api/tasks", headers={"Origin": FOREIGN[0]})
    assert "Access-Control-Allow-Origin" not in answer.headers
