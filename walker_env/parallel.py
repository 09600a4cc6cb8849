"""One arena as a PettingZoo ``ParallelEnv``; needs the extra ``multi``."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
from pettingzoo import ParallelEnv

from walker_env.arena import ArenaBatch, Game, given_start
from walker_env.arena_env import arena_spaces
from walker_env.params import WORLD
from walker_env.space import check_action, check_render_size, check_seed

_RENDER_MODES = ("human", "rgb_array")


class ArenaParallelEnv(ParallelEnv[str, np.ndarray, np.ndarray]):
    """Walkers that meet, by PettingZoo's rules; made by `walker_env.parallel_env`.

    Who leaves a match, caught, out of the ring or over the line, is *terminated* and no more among
    the ``agents``; so are all who are left when the rule has decided the match. Where the clock
    runs out before that, they are *truncated*. A walker's last ``info`` has its ``score`` once its
    match is over.

    Args:
        game: What is played.
        render_mode: ``"rgb_array"``, ``"human"`` or None.
        render_size: Width and height of the picture [pixel].
        body: Of each walker.
        world: Its rates, drag and grip.

    ``reset(options={"starts": array (W, 3)})`` begins at places of the caller's own: x, y [unit]
    and the direction [rad] of each walker. Other options do nothing: PettingZoo's tests give some.
    """

    metadata = {  # noqa: RUF012 - PettingZoo declares it as it is
        "render_modes": list(_RENDER_MODES),
        "render_fps": round(WORLD.control_rate),
        "name": "walker_arena_v0",
        "is_parallelizable": True,
    }

    def __init__(
        self,
        game: Game,
        render_mode: str | None = None,
        render_size: int = 600,
        body: Any = "quadruped",
        world: Any = "standard",
    ) -> None:
        if render_mode is not None and render_mode not in _RENDER_MODES:
            raise ValueError(
                f"render_mode must be None or one of {_RENDER_MODES}, got {render_mode!r}"
            )
        check_render_size(render_size)
        self.batch = ArenaBatch(1, game, body, world)
        self.render_mode, self._render_size = render_mode, render_size
        self.possible_agents = list(game.agents)
        self.agents: list[str] = []
        self._rows = {agent: row for row, agent in enumerate(self.possible_agents)}
        seen, commands = arena_spaces(self.batch)
        self.observation_spaces = {a: gym.spaces.Box(seen.low, seen.high) for a in self._rows}
        self.action_spaces = {a: gym.spaces.Box(commands.low, commands.high) for a in self._rows}
        self._generator = np.random.default_rng()
        self._begun = False
        self._view: Any = None

    def observation_space(self, agent: str) -> gym.spaces.Space:
        """What an agent may see."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> gym.spaces.Space:
        """What an agent may do."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, np.ndarray], dict[str, dict[str, Any]]]:
        """Begin a match; without a seed, the next one of the present seed.

        Raises:
            ValueError: A seed out of bounds, or starts that overlap.
        """
        starts = (options or {}).get("starts")
        given = None if starts is None else [given_start(starts, self.batch.game)]
        if seed is None and not self._begun:
            seed = int(self._generator.integers(1 << 32))
        seeds = None if seed is None else np.array([check_seed(seed)], dtype=np.uint64)
        observation = self.batch.reset(seeds=seeds, starts=given)
        self._begun, self.agents = True, list(self.possible_agents)
        if self._view is not None:
            self._view.clear()
        self._show(None)
        return dict(zip(self.agents, observation)), {agent: {} for agent in self.agents}

    def step(
        self, actions: dict[str, np.ndarray]
    ) -> tuple[
        dict[str, np.ndarray],
        dict[str, float],
        dict[str, bool],
        dict[str, bool],
        dict[str, dict[str, Any]],
    ]:
        """Advance a control step; see `pettingzoo.ParallelEnv.step`.

        Raises:
            ValueError: Actions that are missing, surplus, of a wrong shape or not finite.
        """
        if not self.agents:
            raise gym.error.ResetNeeded("no agent is in a match: call reset")
        outcome = self.batch.step(self._commands(actions))
        self._show(outcome)
        rows = {agent: self._rows[agent] for agent in self.agents}
        over, score = bool(outcome.over[0]), self.batch.score[0].tolist()
        infos: dict[str, dict[str, Any]] = {
            agent: {f"reward_{name}": float(part[i]) for name, part in outcome.terms.items()}
            | {"caught": int(outcome.caught[i])}
            | ({"score": score[i]} if over else {})
            for agent, i in rows.items()
        }
        terminated = {agent: bool(outcome.terminated[i]) for agent, i in rows.items()}
        truncated = {agent: bool(outcome.truncated[i]) for agent, i in rows.items()}
        self.agents = [a for a in rows if not (terminated[a] or truncated[a])]
        return (
            {agent: outcome.observation[i] for agent, i in rows.items()},
            {agent: float(outcome.reward[i]) for agent, i in rows.items()},
            terminated,
            truncated,
            infos,
        )

    def state(self) -> np.ndarray:
        """Place and velocity of all nodes, grips and muscles of all walkers, one float32 vector."""
        state = self.batch.state
        parts = (state.position, state.velocity, state.drive)
        return np.concatenate([part.ravel() for part in parts]).astype(np.float32)

    def render(self) -> np.ndarray | None:
        """The picture as ``(size, size, 3)`` uint8 in mode ``rgb_array``; the window is live."""
        if self.render_mode is None:
            gym.logger.warn("render() needs a render_mode, as in parallel_env(game, 'rgb_array')")
            return None
        if self.render_mode == "human":
            return None
        return self._the_view().frame()

    @property
    def window_closed(self) -> bool:
        """Whether the window has been closed; stepping goes on without drawing."""
        return self._view is not None and self._view.closed

    def close(self) -> None:
        """Close the window if there is one."""
        if self._view is not None:
            self._view.close()
            self._view = None

    def _commands(self, actions: Any) -> np.ndarray:
        """The actions as an array; rows of who is out are zero."""
        if not isinstance(actions, dict):
            raise ValueError(f"actions must be a dict by agent, got {type(actions).__name__}")
        if missing := [agent for agent in self.agents if agent not in actions]:
            raise ValueError(f"actions lack {', '.join(missing)}, which is in the match")
        if surplus := [str(agent) for agent in actions if agent not in self.agents]:
            raise ValueError(
                f"actions have {', '.join(surplus)}, which is not in the match; "
                f"expected {', '.join(self.agents)}"
            )
        commands = np.zeros((self.batch.n, self.batch.action_width))
        for agent, action in actions.items():
            try:
                commands[self._rows[agent]] = check_action(action, commands.shape[1:])
            except (ValueError, TypeError) as error:
                raise type(error)(f"{agent}: {error}") from error
        return commands

    def _show(self, outcome: Any) -> None:
        """Look at the new state: bumps and trails need every step once somebody watches."""
        if self.render_mode == "human":
            self._the_view().show(outcome)
        elif self._view is not None:
            self._view.watch(outcome)

    def _the_view(self) -> Any:
        if self._view is None:
            from walker_env.render.arena_view import ArenaView

            self._view = ArenaView(self.batch, self._render_size)
            self._view.watch(None)
        return self._view
