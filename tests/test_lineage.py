"""From generation 0 to a champion: what is published comes out of the same training again."""

import pytest

from benchmarks.site.lineage import GENERATIONS, LINEAGE, read_lineage, train_lineage

FILES = sorted(LINEAGE.glob("*.safetensors"))


def test_the_published_generations_fill_one_race():
    names = [entry.name for entry in read_lineage()]
    assert names == [f"generation {generation}" for generation in GENERATIONS]
    assert len(names) == 8
    assert sum(path.stat().st_size for path in FILES) < 200_000


@pytest.mark.long
def test_every_generation_comes_out_again():
    """That they get better is seen where they race, in `test_page_race`."""
    assert [policy.to_bytes() for policy in train_lineage()] == [p.read_bytes() for p in FILES]
