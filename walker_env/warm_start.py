"""The impulse that a pivot joint keeps from its last step, read and written exactly.

Chipmunk starts solving a joint from the impulse of the step before. pymunk offers no access to it,
but without it a walker can neither be reset in place nor restored bit for bit. The impulse lies in
the joint's C struct behind the two anchors. Where exactly is not assumed: it is measured once, on
a joint whose anchors and impulse are known, and anything unexpected is an error, never a guess.
"""

from __future__ import annotations

import functools

import numpy as np
import pymunk
from pymunk._chipmunk_cffi import ffi

_SEARCH = 136  # [byte] the anchors lie within it, and the struct is larger on every platform
_ANCHOR_TO_IMPULSE = 12 * 8  # [byte] two anchors, two arms and a 2x2 matrix, in C doubles


@functools.cache
def _impulse_offset() -> int:
    """Where the kept impulse lies in a pivot joint's struct [byte]."""
    space, node = pymunk.Space(), pymunk.Body(1.0, float("inf"))
    anchor = (12345.678, -8765.4321)
    joint = pymunk.PivotJoint(space.static_body, node, anchor, (0.0, 0.0))
    joint.max_bias = 0.0
    space.add(node, joint)
    node.velocity = (-3.0, 4.0)
    space.step(1 / 60)  # the joint stops the node, so it has absorbed exactly (3, -4)
    memory = bytes(ffi.buffer(ffi.cast("char *", joint._constraint), _SEARCH))
    at = memory.find(np.array(anchor).tobytes())
    offset = at + _ANCHOR_TO_IMPULSE
    if at < 0 or not np.array_equal(_vector(joint, offset), (3.0, -4.0)) or joint.impulse != 5.0:
        raise RuntimeError(
            f"pymunk {pymunk.version} keeps a joint's impulse where this project does not find it; "
            "install the pymunk version named in constraints.txt"
        )
    return offset


def _vector(joint: pymunk.PivotJoint, offset: int) -> np.ndarray:
    start = ffi.cast("char *", joint._constraint) + offset
    return np.frombuffer(ffi.buffer(start, 16), dtype=np.float64)


def impulse_views(joints: list[pymunk.PivotJoint]) -> list[np.ndarray]:
    """For each joint a live, writable ``(2,)`` float64 view of its kept impulse [mass unit/s].

    A view is valid as long as its joint is; whoever keeps it must keep the joint too.

    Raises:
        RuntimeError: This pymunk version lays its joints out in an unknown way.
    """
    offset = _impulse_offset()
    return [_vector(joint, offset) for joint in joints]
