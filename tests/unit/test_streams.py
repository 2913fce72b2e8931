"""Philox against its published vectors, its two versions against each other, and the draws made from it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import kstest

from anagen.core.compiled import compiled
from anagen.core.philox import normal, philox4x32, uniform
from anagen.core.streams import MAX_SEED, Purpose, normals, philox_words, uniforms
from anagen.follicles import cycle

KNOWN_ANSWERS = [
    (("00000000",) * 4, ("00000000",) * 2, ("6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8")),
    (("ffffffff",) * 4, ("ffffffff",) * 2, ("408f276d", "41c83b0e", "a20bc7c6", "6d5451fd")),
    (
        ("243f6a88", "85a308d3", "13198a2e", "03707344"),
        ("a4093822", "299f31d0"),
        ("d16cfe09", "94fdcceb", "5001e420", "24126ea1"),
    ),
]
"""philox4x32-10 of Random123's kat_vectors: counter, key, result."""


@compiled
def compiled_words(counters, keys, out):
    for i in range(counters.shape[0]):
        a, b, c, d = philox4x32(counters[i, 0], counters[i, 1], counters[i, 2], counters[i, 3], keys[i, 0], keys[i, 1])
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = a, b, c, d


@compiled
def compiled_uniforms(words, out):
    for i in range(words.shape[0]):
        out[i] = uniform(words[i])


@compiled
def compiled_normals(u, out):
    for i in range(u.shape[0]):
        out[i] = normal(u[i])


def numbers(words: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(int(word, 16) for word in words)


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_known_answers(counter: tuple[str, ...], key: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert tuple(int(word) for word in philox_words(numbers(counter), numbers(key))) == numbers(expected)
    out = np.zeros((1, 4), dtype=np.uint64)
    compiled_words(np.array([numbers(counter)], dtype=np.uint64), np.array([numbers(key)], dtype=np.uint64), out)
    assert tuple(out[0].tolist()) == numbers(expected)


def test_compiled_and_array_versions_agree() -> None:
    rng = np.random.default_rng(1)
    counters = rng.integers(0, 2**32, (5000, 4), dtype=np.uint64)
    keys = rng.integers(0, 2**32, (5000, 2), dtype=np.uint64)
    out = np.zeros((5000, 4), dtype=np.uint64)
    compiled_words(counters, keys, out)
    assert np.array_equal(out, philox_words(tuple(counters.T), tuple(keys.T)).T)
    assert out.max() < 2**32


def test_inverse_normal_is_accurate() -> None:
    """Relative error below 1.2e-9 wherever the quantile is not tiny, to the ends of 32-bit uniforms."""
    ends = (np.array([0, 1, 2, 10, 2**31 - 1, 2**31, 2**32 - 10, 2**32 - 2, 2**32 - 1]) + 0.5) / 2.0**32
    edges = np.array([0.02425, 0.97575])
    u = np.concatenate(
        [ends, edges, np.nextafter(edges, 0.0), np.nextafter(edges, 1.0), np.linspace(1e-6, 1 - 1e-6, 200_001)]
    )
    out = np.zeros_like(u)
    compiled_normals(u, out)
    exact = ndtri(u)
    assert np.all(np.isfinite(out))
    assert np.all(np.abs(out - exact) <= 1.2e-9 * np.abs(exact) + 1e-15)


def test_uniforms_lie_inside_the_interval() -> None:
    words = np.array([0, 1, 2**32 - 1], dtype=np.uint64)
    out = np.zeros(3)
    compiled_uniforms(words, out)
    assert 0.0 < out[0] < out[1] < out[2] < 1.0
    assert out[0] == 0.5 / 2.0**32


def test_array_uniforms_keep_double_precision() -> None:
    u = uniforms(3, Purpose.COVARIATE, patient=np.arange(200_000))
    assert u.min() > 0.0 and u.max() < 1.0
    assert np.all(np.isfinite(ndtri(u)))
    assert len(np.unique(u)) == len(u), "53 bits do not collide among 200,000 draws"


ADDRESSES = {
    "patients": {"patient": np.arange(50_000)},
    "items": {"patient": 7, "item": np.arange(50_000)},
    "indices": {"patient": 7, "index": np.arange(50_000)},
    "replicates": {"patient": 7, "replicate": np.arange(50_000)},
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_draws_are_uniform_along_every_part_of_the_address(address: dict[str, object]) -> None:
    u = uniforms(11, Purpose.COVARIATE, **address)
    assert kstest(u, "uniform").pvalue > 0.001
    # neighbours in the address are independent: lag-1 correlation within 4 standard errors
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 4.0 / np.sqrt(len(u))


def test_draws_differ_between_the_parts_of_the_address() -> None:
    n = 50_000
    draws = [uniforms(11, Purpose.COVARIATE, **address) for address in ADDRESSES.values()]
    draws += [
        uniforms(12, Purpose.COVARIATE, patient=np.arange(n)),
        uniforms(11, Purpose.CATEGORY, patient=np.arange(n)),
    ]
    for a, b in combinations(draws, 2):
        assert abs(np.corrcoef(a, b)[0, 1]) < 4.5 / np.sqrt(n)


def test_normals_are_standard_normal() -> None:
    z = normals(5, Purpose.COVARIATE, patient=np.arange(100_000))
    assert kstest(z, "norm").pvalue > 0.001
    assert abs(z.mean()) < 4.0 / np.sqrt(len(z))
    assert abs(z.std() - 1.0) < 4.0 / np.sqrt(2.0 * len(z))


def test_a_draw_depends_on_its_address_alone() -> None:
    whole = uniforms(1, Purpose.COVARIATE, patient=np.arange(100)[:, None], item=np.arange(7)[None, :], replicate=4)
    assert whole.shape == (100, 7)
    alone = uniforms(1, Purpose.COVARIATE, patient=42, item=3, replicate=4)
    assert float(alone) == whole[42, 3]
    shuffled = np.random.default_rng(0).permutation(100)
    assert np.array_equal(uniforms(1, Purpose.COVARIATE, patient=shuffled, item=3, replicate=4), whole[shuffled, 3])


@pytest.mark.parametrize("seed", [-1, MAX_SEED + 1])
def test_seed_outside_its_range(seed: int) -> None:
    with pytest.raises(ValueError, match="seed must lie between 0 and 4294967295"):
        uniforms(seed, Purpose.COVARIATE, patient=0)


def test_seeds_at_both_ends_differ() -> None:
    assert not np.array_equal(
        uniforms(0, Purpose.COVARIATE, patient=[0, 1]), uniforms(MAX_SEED, Purpose.COVARIATE, patient=[0, 1])
    )


def test_purposes_are_distinct_and_those_of_the_kernel() -> None:
    assert len({int(purpose) for purpose in Purpose}) == len(Purpose)
    named = {"START": "FOLLICLE_START", "CYCLE": "CYCLE", "HAZARD": "HAZARD"}
    for ours, theirs in named.items():
        assert int(getattr(cycle, ours)) == Purpose[theirs]
