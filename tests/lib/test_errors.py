"""The one error type."""

import pytest

from lib.errors import Problem, shorten


def test_the_text_is_message_and_remedy_filled_in():
    problem = Problem(
        "code", "%(field)s is %(value)s", "Do %(what)s", field="a", value=1, what="it"
    )
    assert problem.text() == str(problem) == "a is 1 Do it"
    assert problem.parts() == ("a is 1", "Do it")


def test_templates_are_translated_before_they_are_filled_in():
    german = {"%(value)s is bad.": "%(value)s ist schlecht.", "Fix it.": "Beheben."}
    problem = Problem("code", "%(value)s is bad.", "Fix it.", value="x")
    assert problem.text(german.get) == "x ist schlecht. Beheben."


def test_a_message_that_does_not_mention_its_field_begins_with_it():
    problem = Problem("code", "“%(value)s” is no number.", "Correct it.", value="x")
    assert problem.text() == "“x” is no number. Correct it."
    assert problem.at("amount").text() == "amount: “x” is no number. Correct it."


@pytest.mark.parametrize(
    "message, remedy", [("%(field)s!", "Do."), ("Bad.", "Mend %(field)s.")]
)
def test_a_field_that_is_mentioned_is_not_put_in_front(message, remedy):
    problem = Problem("code", message, remedy, field="amount")
    assert problem.text().count("amount") == 1


def test_a_problem_is_told_its_field_once():
    problem = Problem("code", "%(field)s").at("inner")
    assert problem.at("outer") is problem
    assert (problem.field, problem.text()) == ("inner", "inner")


def test_a_problem_without_a_remedy_is_its_message():
    assert Problem("code", "100 % wrong".replace("%", "%%")).text() == "100 % wrong"


def test_long_values_are_cut_in_messages_and_kept_in_the_problem():
    problem = Problem("code", "%(value)s", value="x" * 500)
    assert len(problem.text()) == 80
    assert problem.text().endswith("…")
    assert len(problem.value) == 500


@pytest.mark.parametrize(
    "value, text", [(None, ""), (0, "0"), ("x" * 80, "x" * 80), (["a"], "['a']")]
)
def test_values_of_any_type_are_shown(value, text):
    assert shorten(value) == text
