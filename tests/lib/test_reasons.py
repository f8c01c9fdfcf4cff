from lib.reasons import REASONS, reason_text


def test_a_code_is_told_in_words():
    assert reason_text("reference_failed") == "Refers to a record that failed"


def test_a_code_without_words_of_its_own_is_read_as_it_is_written():
    assert reason_text("won_stage_missing") == "Won stage missing"
    assert reason_text(None) == ""


def test_words_are_translated():
    assert reason_text("refused", str.upper) == REASONS["refused"].upper()
