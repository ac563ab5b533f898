"""Scenarios 12 to 16: deletions, and edits of the same event on both sides."""

from datetime import timedelta
from functools import partial

from tests.calendar_world.world import World, at
from tests.contract.calendar.stories import NINE, dentist
from tests.fake_google.faults import Fault

# --- deleted there ------------------------------------------------------------------------------


async def test_12_deleted_there_the_task_stays_until_it_gets_a_new_date(world: World) -> None:
    task_id = await dentist(world)
    first = world.event().id
    world.delete_there(first)
    await world.assert_alike()
    assert (await world.task(task_id)).due_at == at(NINE)
    assert await world.note_kinds() == ["removed_there"]
    told = world.heard.states()[-1]
    assert (told["notes"][0]["kind"], told["linked"]) == ("removed_there", 0)

    await world.change(task_id, due_at=at("2026-12-09T09:00:00Z"))
    posts = len(world.writes())
    await world.assert_alike()
    assert world.event().id != first, "its id is taken for ever"
    assert len(world.writes()) == posts + 1, "and nobody tries it"


async def test_12_restored_from_the_trash_there_it_is_followed_again(world: World) -> None:
    task_id = await dentist(world)
    first = world.event().id
    world.delete_there(first)
    await world.run()
    world.restore_there(first)
    await world.run()
    assert await world.note_kinds() == ["removed_there", "restored_there"]
    world.edit_there(first, summary="Dentist, after all")
    await world.assert_alike()
    assert (await world.task(task_id)).title == "Dentist, after all"


async def test_13_an_edit_here_outlives_a_deletion_there(world: World) -> None:
    task_id = await dentist(world)
    first = world.event().id
    world.delete_there(first)
    await world.change(task_id, title="Still on")
    await world.assert_alike()
    assert world.event().id != first
    assert world.event().fields["summary"] == "Still on"


async def test_13_the_event_from_before_means_nothing_any_more(world: World) -> None:
    task_id = await dentist(world)
    first = world.event().id
    world.delete_there(first)
    await world.change(task_id, title="Still on")
    await world.run()
    world.restore_there(first)
    world.edit_there(first, summary="A ghost")
    await world.assert_alike()
    assert (await world.task(task_id)).title == "Still on"
    before = world.etag(first)
    world.google.events(world.calendar_id).touch_all_tokens(purges=False)
    await world.assert_alike()
    assert world.etag(first) == before, "nor is it ever written to"


# --- deleted here -------------------------------------------------------------------------------


async def test_14_a_deletion_here_goes_out_and_overrules_an_edit_there(world: World) -> None:
    task_id = await dentist(world)
    world.google.drag(world.calendar_id, world.event().id, timedelta(days=1))
    world.edit_there(world.event().id, summary="Renamed there")
    await world.delete(task_id)
    await world.settle()
    assert world.ours() == []
    assert "edit_overruled" in await world.note_kinds()
    await world.restore(task_id)
    assert (await world.task(task_id)).title == "Renamed there", "the trash has the merged values"
    await world.assert_alike()


async def test_14_an_edit_there_at_the_very_moment_is_seen_before_it_goes(world: World) -> None:
    """Between our look and our deletion: a 412, another look, and then it goes."""
    task_id = await dentist(world)
    event_id = world.event().id
    await world.delete(task_id)
    world.line.before("DELETE", lambda: world.edit_there(event_id, summary="Renamed there"))
    await world.settle()
    assert world.ours() == []
    await world.restore(task_id)
    assert (await world.task(task_id)).title == "Renamed there"
    await world.assert_alike()


async def test_14_a_deletion_whose_answer_was_lost_is_seen_by_the_next_look(
    world: World,
) -> None:
    task_id = await dentist(world)
    await world.delete(task_id)
    world.google.faults.plan(Fault.DROPPED_AFTER, method="DELETE")
    await world.assert_alike()
    assert world.ours() == []
    assert len([one for one in world.writes() if one.startswith("DELETE")]) == 1


async def test_14_what_somebody_else_deleted_a_moment_before_is_as_good(world: World) -> None:
    """Answered by 410, and by nothing worse."""
    task_id = await dentist(world)
    event_id = world.event().id
    await world.delete(task_id)
    world.line.before("DELETE", lambda: world.delete_there(event_id))
    await world.run()
    assert (await world.account()).failures == 0
    await world.assert_alike()


# --- edited on both sides -----------------------------------------------------------------------


async def test_15_different_fields_merge_and_the_same_field_keeps_the_loser(
    world: World,
) -> None:
    task_id = await dentist(world)
    world.edit_there(world.event().id, description="From there")
    await world.change(task_id, title="From here")
    await world.assert_alike()
    assert "conflict" not in await world.note_kinds()

    world.edit_there(world.event().id, summary="Theirs")
    world.google.drag(world.calendar_id, world.event().id, timedelta(days=1))
    await world.change(task_id, title="Ours", due_at=at("2026-12-24T09:00:00Z"))
    await world.assert_alike()
    task = await world.task(task_id)
    assert (task.title, task.due_at) == ("Ours", at("2026-12-02T09:00:00Z"))
    lost = {note.lost for note in await world.notes() if note.kind.value == "conflict"}
    assert lost == {"Theirs", "2026-12-24T09:00:00Z"}


async def test_15_the_value_that_lost_is_one_answer_away(world: World) -> None:
    task_id = await dentist(world)
    world.google.drag(world.calendar_id, world.event().id, timedelta(days=1))
    await world.change(task_id, due_at=at("2026-12-24T09:00:00Z"))
    await world.run()
    (conflict,) = [note for note in await world.notes() if note.is_open]
    await world.accounts.settle(world.person_id, conflict.id, takes_other=True)
    assert (await world.task(task_id)).due_at == at("2026-12-24T09:00:00Z")
    await world.assert_alike()
    assert at(world.event().fields["start"]["dateTime"]) == at("2026-12-24T09:00:00Z")
    assert [note for note in await world.notes() if note.is_open] == []


async def test_16_an_edit_there_between_our_look_and_our_write_is_merged(world: World) -> None:
    """A 412, another look, and both are kept; without If-Match it would be written over."""
    task_id = await dentist(world)
    event_id = world.event().id
    await world.change(task_id, title="From here")
    world.line.before("PATCH", lambda: world.edit_there(event_id, description="From there"))
    await world.run()
    task = await world.task(task_id)
    assert (task.title, task.description) == ("From here", "From there")
    assert world.event().fields["summary"] == "From here"
    assert world.event().fields["description"] == "From there"
    assert "conflict" not in await world.note_kinds()
    await world.assert_alike()


async def test_16_who_keeps_editing_under_our_hands_is_left_for_the_next_run(
    world: World,
) -> None:
    task_id = await dentist(world)
    event_id = world.event().id
    await world.change(task_id, title="From here")
    for number in range(1, 20):
        edit = partial(world.edit_there, event_id, description=f"word {number}")
        world.line.before("PATCH", edit, number=number)
    await world.run()
    tries = [one for one in world.writes() if one.startswith("PATCH")]
    assert 1 < len(tries) < 10, "it is tried again, and not for ever"
    await world.settle(8)
    await world.assert_alike()
    assert world.event().fields["summary"] == "From here"
