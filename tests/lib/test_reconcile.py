import json

from lib.reconcile import Group, Mistakes, Tally


def stages(tally):
    return {key: group for dimension, key, group in tally.groups()}


def add(tally, id_, expected, found, changed=False):
    """One record with a stage and an amount, ``(stage, amount)`` twice."""
    (stage, amount), (own, is_) = expected, found
    tally.add(id_, ({"stage": stage}, [amount]), ({"stage": own}, [is_]), changed)


def test_counts_and_sums_come_by_group():
    tally = Tally(["amount"])
    add(tally, 1, ("new", 10), ("new", 10))
    add(tally, 2, ("new", 5), ("new", 5))
    add(tally, 3, ("won", 7), ("won", 7))
    found = stages(tally)
    assert found["new"].expected == found["new"].found == [2, 15]
    assert found["won"].expected == found["won"].found == [1, 7]
    assert found["new"].difference(1) == (0, 0)
    assert not found["new"].ids


def test_a_record_in_another_group_misses_in_one_and_is_over_in_the_other():
    tally = Tally(["amount"])
    add(tally, 4, ("new", 10), ("won", 10))
    found = stages(tally)
    assert found["new"].difference(0) == (-1, -1)
    assert found["won"].difference(1) == (10, 10)
    assert found["new"].ids == found["won"].ids == [4]


def test_what_users_have_changed_is_told_apart():
    tally = Tally(["amount"])
    add(tally, 5, ("new", 10), ("new", 30), changed=True)
    add(tally, 6, ("new", 10), ("new", 9))
    assert stages(tally)["new"].difference(1) == (19, -1)


def test_users_moving_a_record_leave_nothing_unexplained():
    tally = Tally(["amount"])
    add(tally, 5, ("new", 10), ("won", 30), changed=True)
    found = stages(tally)
    assert found["new"].difference(0) == (-1, 0)
    assert found["won"].difference(1) == (30, 0)


def test_a_tally_goes_on_after_it_was_kept_as_json():
    whole, first = Tally(["amount"]), Tally(["amount"])
    for tally in (whole, first):
        add(tally, 1, ("new", 10), ("won", 11), changed=True)
    second = Tally(["amount"], json.loads(json.dumps(first.as_dict())))
    for tally in (whole, second):
        add(tally, 2, ("new", 1), ("new", 2))
    assert second.as_dict() == whole.as_dict()
    assert stages(second)["new"].expected == [2, 11]


def test_one_group_does_not_share_its_numbers_with_another():
    zeros = [0, 0]
    one, other = Group(zeros, zeros, zeros), Group(zeros, zeros, zeros)
    one.found[0] += 1
    assert other.found == one.expected == [0, 0]


def test_mistakes_are_counted_apart_from_later_changes():
    mistakes = Mistakes()
    mistakes.right()
    mistakes.add(3, example="3: “a” is “b”")
    mistakes.add(4, changed=True)
    assert (mistakes.seen, mistakes.wrong, mistakes.changed) == (3, 1, 1)
    assert mistakes.ids == [3, 4]
    again = Mistakes(*json.loads(json.dumps(mistakes.as_list())))
    assert again.as_list() == mistakes.as_list()


def test_of_very_many_mistakes_all_are_counted_and_some_kept():
    mistakes = Mistakes()
    for id_ in range(2000):
        mistakes.add(id_, example=str(id_))
    assert mistakes.wrong == 2000
    assert len(mistakes.ids) == 500
    assert mistakes.examples == ["0", "1", "2", "3", "4"]
