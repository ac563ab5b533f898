"""The servers and the browser of this very run do their work, whatever source they are from."""

import asyncpg
from playwright.async_api import async_playwright
from redis.asyncio import Redis

from tests.services.browser import LaunchOptions
from tests.services.postgresql import PostgresqlServer
from tests.services.redis import RedisServer


async def test_a_database_is_a_copy_of_its_template(own_postgresql: PostgresqlServer) -> None:
    template = own_postgresql.create("services_template")
    connection = await asyncpg.connect(template)
    await connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    await connection.close()
    copy = await asyncpg.connect(own_postgresql.create("services_copy", "services_template"))
    assert await copy.fetchval("SELECT number FROM kept") == 1
    await copy.close()
    own_postgresql.drop("services_copy")
    own_postgresql.drop("services_template")


async def test_redis_carries_a_message_to_a_subscriber(redis_server: RedisServer) -> None:
    async with Redis.from_url(redis_server.url) as client, client.pubsub() as subscriber:
        await subscriber.subscribe("user:1:tasks")
        assert await subscriber.get_message(timeout=5) is not None
        await client.publish("user:1:tasks", "hello")
        message = await subscriber.get_message(timeout=5)
    assert message is not None
    assert message["data"] == b"hello"


async def test_the_browser_runs_a_page_without_a_screen(
    chromium_options: LaunchOptions,
) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium_options)
        page = await browser.new_page()
        await page.set_content("<html dir='rtl'><h1>שלום</h1></html>")
        assert await page.inner_text("h1") == "שלום"
        assert len(await page.screenshot()) > 0
        await page.context.set_offline(offline=True)
        await browser.close()
