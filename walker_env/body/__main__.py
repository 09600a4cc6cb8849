"""Look at bodies: ``python -m walker_env.body FILE|NAME... [--out PICTURE]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from gymnasium.error import DependencyNotInstalled

from walker_env.body import BODIES, ZOO, get_body
from walker_env.body.picture import save_picture
from walker_env.body.sheet import sheet
from walker_env.params import WORLD
from walker_env.stability import check_stable


def make_parser() -> argparse.ArgumentParser:
    """What the command line may say."""
    parser = argparse.ArgumentParser(
        "python -m walker_env.body",
        description="Draw bodies, tell what they are made of and what is wrong with them.",
        epilog=f"Ready-made: {', '.join(BODIES | ZOO)}",
    )
    parser.add_argument("bodies", nargs="+", metavar="FILE|NAME", help="JSON files, or names")
    parser.add_argument(
        "--out", metavar="PICTURE", help="a PNG, SVG or PDF with every part labelled"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the data sheet of each body, or say what is wrong with it; 0, or 2 for a fault."""
    given = make_parser().parse_args(arguments)
    try:
        bodies = [get_body(text) for text in given.bodies]
        for body in bodies:
            check_stable(body, WORLD)
            print(sheet(body), end="\n\n")
        if given.out:
            save_picture(bodies, given.out)
            print(f"Wrote {given.out}")
    except (ValueError, DependencyNotInstalled, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
