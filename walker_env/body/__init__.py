"""Bodies are data: what one is made of, the ready-made ones, and how to draw one's own.

`graph` says what a body is and checks it, `sketch` draws one in a few lines, `zoo` and `ready` have
those that are drawn already. ``python -m walker_env.body FILE`` looks at one.
"""

from walker_env.body.graph import (
    MOST_LINKS,
    MOST_NODES,
    STABILITY_LIMIT,
    Body,
    BodyError,
    Bone,
    Muscle,
    Node,
    check_stiffness,
    with_left_strength,
)
from walker_env.body.ready import BODIES, get_body
from walker_env.body.sketch import Sketch
from walker_env.body.zoo import ZOO, centipede

__all__ = [
    "BODIES",
    "MOST_LINKS",
    "MOST_NODES",
    "STABILITY_LIMIT",
    "ZOO",
    "Body",
    "BodyError",
    "Bone",
    "Muscle",
    "Node",
    "Sketch",
    "centipede",
    "check_stiffness",
    "get_body",
    "with_left_strength",
]
