"""What algorithms are and what numbers mean, a sentence each, wherever the page shows them."""

from __future__ import annotations

from dataclasses import dataclass

ALGORITHMS = {
    "ppo": "Walks a stretch with many walkers, follows the gradient of its policy on that stretch "
    "for a few epochs, and throws the stretch away.",
    "sac": "Remembers what it walked and learns from it again and again: few steps, each of which "
    "costs much time.",
    "tqc": "SAC whose critics estimate the whole distribution of returns and leave out its highest "
    "part.",
    "snes": "Draws a population of networks around a mean, moves mean and one step size for each "
    "weight towards the better ones.",
    "pgpe": "Follows the estimated gradient of a distribution over networks, tried in mirrored "
    "pairs, with steps of bounded length.",
    "cmaes": "Learns beside the best weights which of them should change together.",
    "cem": "Fits the next population to the best quarter of the last one.",
    "ga": "Tournaments, crossover and mutation on the weights of networks of one shape.",
    "ars": "Tries random directions both ways and follows the best of them, with a linear policy.",
    "neat": "Begins without any connection and lets the networks themselves grow; the learner of "
    "the video.",
}
"""Each algorithm of the suites in a sentence."""

FAMILIES = {
    "gradient": "Gradient methods learn from every step: which action paid, and more of it.",
    "evolution": "Evolution compares whole episodes: only the sum of rewards of a network counts.",
}
"""Each family in a sentence."""


@dataclass(frozen=True)
class Term:
    """A number with its meaning.

    Attributes:
        key: Its part of addresses.
        name: As it is shown.
        meaning: In a sentence or two.
    """

    key: str
    name: str
    meaning: str


GLOSSARY = (
    Term(
        "targets",
        "targets in 100 s",
        "Targets that a walker reaches one after the other in 100 s, with the fraction of the way "
        "to the next. An algorithm's figure: each run's mean over the courses, of these the middle "
        "three fifths.",
    ),
    Term(
        "interval",
        "95 % interval",
        "In 95 of 100 such intervals lies the true figure: whole runs and courses are resampled. "
        "Few runs give wide ones.",
    ),
    Term(
        "place",
        "place",
        "The ranks that the runs leave open: 2-4 means that they do not say where in between. All "
        "places of a table are right at once with a chance of 95 %. No place: runs are missing.",
    ),
    Term(
        "difference",
        "difference",
        "The one figure less the other, with its interval. Sure is a difference whose interval "
        "leaves out 0 even when all pairs of the table are looked at together.",
    ),
    Term(
        "chance",
        "chance",
        "How often a run of the one does better than a run of the other on the same course.",
    ),
    Term(
        "cost",
        "steps and time to a score",
        "What the median run had spent when it first had a score, and that median's interval. "
        "Never: more than half of the runs never had it.",
    ),
    Term(
        "crossing",
        "crossing",
        "Costs between which the order of two algorithms surely turns round: before, the one is "
        "surely ahead, after it the other.",
    ),
    Term(
        "time",
        "processor time",
        "Of training with its workers, as the idle reference machine needs it; validation is free.",
    ),
    Term(
        "steps",
        "control steps",
        "Twenty a second of every walker that trains. A million of them are fourteen hours of "
        "walking.",
    ),
    Term(
        "family",
        "family",
        "Gradient methods and evolution. A family's figure is the mean of its algorithms' figures; "
        "each counts once, and those without two runs at that limit do not count.",
    ),
    Term(
        "absolute",
        "absolute",
        "The score where standing still is 0 and the gait written by hand is 100.",
    ),
    Term(
        "energy",
        "energy for 1000 units",
        "What muscles and grips spend on a way of 1000 units; less is better.",
    ),
)
"""What the page's numbers mean."""
