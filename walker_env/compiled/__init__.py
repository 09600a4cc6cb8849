"""The walkers' step, compiled: Chipmunk's solver and the control step around it.

In a block, `block.LANES` walkers lie side by side as structure of arrays: the inner loops run over
walkers and the compiler turns them into vector instructions. float64 throughout, no fast-math, no
fused multiply-add: every line has the operations of its readable version, in their order, and tests
hold them to it bit for bit.

Arguments have one meaning throughout:

- ``model``, ``task``, ``data``, ``result``: body and world, constants of the task, arrays of N
  walkers before and after the step, of the classes of `model`;
- ``block``, ``senses``: the present block and what is measured of it, of the classes of `block`;
- ``first``, ``lanes``: the block holds ``lanes`` walkers, at most `block.LANES`, from number
  ``first`` on;
- ``action``: ``(N, A)`` float64, commands, clipped to [-1, 1] where they are used.

`entry` has the functions to call. The other files are compiled into these, and `stamp` lets numba
notice when one of them has changed. Of the rest of `walker_env`
nothing is imported here but `schema`.
"""
