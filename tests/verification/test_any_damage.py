"""Whatever is done to a file that users write, it is read or refused in plain words, soon, and nothing else happens."""

from __future__ import annotations

import pytest

from fuzz import Kind, cases_of, kinds, tally

CASES, LONG_CASES, SHARDS = 400, 100_000, 10
"""Over all kinds; the long run has those of the short one too."""


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_a_damaged_file_is_read_or_refused_in_plain_words(kind: Kind) -> None:
    found = tally(kind, cases_of(kind, CASES))
    print(found.text())
    assert found.faults == []
    assert found.refused > found.accepted > 0, "the damage is too great or too small to prove anything"


@pytest.mark.long
@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_100000_damaged_files_are_read_or_refused_in_plain_words(kind: Kind, shard: int) -> None:
    found = tally(kind, cases_of(kind, LONG_CASES)[shard::SHARDS])
    print(found.text())
    assert found.faults == []
