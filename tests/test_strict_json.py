"""JSON whose numbers are all usable."""

import pytest

from walker_env import strict_json


def test_what_it_says_comes_back():
    assert strict_json.loads(b'{"a": [1, -2.5, 18446744073709551616, null]}') == {
        "a": [1, -2.5, 1 << 64, None]
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1" * 41, "at most 40 digits, got one of 41"),
        ("[1e400]", "finite numbers, got 1e400"),
        ("NaN", "finite numbers, got NaN"),
        ("[-Infinity]", "finite numbers, got -Infinity"),
        ("[" * 100_000, "nested too deeply"),
        ('[{"a": ' * 60 + "1" + "}]" * 60, "nested too deeply"),
        ("{", "Expecting"),
        (r'["\ud800"]', r"written as UTF-8, got '\\ud800'"),
        (r'{"a": {"\udfff": 1}}', "written as UTF-8"),
        (b'"\xed\xa0\x80"', "written as UTF-8"),
    ],
)
def test_what_no_float_can_hold_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        strict_json.loads(text)
