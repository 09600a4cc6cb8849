"""Throughput is measured, not asserted; only that the figures are real is tested."""

from benchmarks import throughput


def test_measuring_gives_rates_of_every_case(monkeypatch):
    monkeypatch.setattr(throughput, "SECONDS", 0.02)
    monkeypatch.setattr(throughput, "REPEATS", 2)
    result = throughput.measure(sizes=(1, 8))
    assert [row["walkers"] for row in result["rows"]] == [1, 1, 8]
    for row in result["rows"]:
        assert len(row["rates"]) == 2
        assert min(row["rates"]) > 100


def test_the_figures_are_written(monkeypatch, tmp_path):
    monkeypatch.setattr(throughput, "measure", lambda: {"engine": "e", "rows": []})
    throughput.run(tmp_path / "t.json")
    assert (tmp_path / "t.json").read_text().startswith("{")
