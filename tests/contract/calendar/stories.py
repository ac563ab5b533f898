"""How most stories begin, and what they look at."""

from tests.calendar_world.world import World, at

NINE = "2026-12-01T09:00:00Z"
PLAIN_TIMES_GONE = {"dateTime": None, "timeZone": None}


async def dentist(world: World) -> int:
    """A task that stands in the calendar."""
    task_id = await world.add("Dentist", due_at=at(NINE))
    await world.run()
    return task_id


async def many(world: World, count: int) -> list[int]:
    """Tasks that are not there yet."""
    return [await world.add(f"Task {number}", due_at=at(NINE)) for number in range(count)]


def start_of(world: World) -> str:
    start = world.event().fields["start"]
    return str(start.get("dateTime", start.get("date")))
