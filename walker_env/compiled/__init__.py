"""The walkers' step, compiled: Chipmunk's solver and the control step around it.

In a block, walkers lie side by side as structure of arrays, and what runs over them are vector
instructions: where it counts most, the solver, written as such (`pack`), elsewhere made of plain
loops by the compiler. float64 throughout, no fast-math, no fused multiply-add: every line has the
operations of its readable version, in their order, and tests hold them to it bit for bit.

Arguments have one meaning throughout:

- ``model``, ``task``, ``data``, ``result``: body and world, constants of the task, arrays of N
  walkers before and after the step, of the classes of `model`;
- ``block``, ``senses``: the present block and what is measured of it, of the classes of `block`;
- ``first``, ``lanes``: the block holds ``lanes`` walkers, at most `block.LANES`, from number
  ``first`` on;
- ``action``: ``(N, A)`` float64, commands, clipped to [-1, 1] where they are used.

`entry` has the functions to call; `episode` steps walkers that stay in their block, for whoever
compiles a policy around it. The other files are compiled into these, and `stamp` lets numba
notice when one of them has changed. Of the rest of `walker_env`
nothing is imported here but `schema`.
"""
