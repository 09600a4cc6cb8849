"""What compiled functions need to talk to each other across threads, below Python and its lock.

Every access is sequentially consistent: whoever sees a word that another thread has written sees
everything that thread had written before.
"""

from __future__ import annotations

import os
import platform
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.imputils import impl_ret_borrowed
from numba.extending import intrinsic

_builtin: Any = intrinsic  # numba's own type has the signature of the decorated function
_ORDER = "seq_cst"
_WORD = 8  # [byte]
_POSIX = os.name == "posix"
_X86 = platform.machine() in ("x86_64", "AMD64")


def _place(context, builder, signature, words, number):
    """Pointer to one word of an int64 array."""
    array = context.make_array(signature.args[0])(context, builder, words)
    return builder.gep(array.data, [number])


@_builtin
def peek(_, words, number):
    """The word ``words[number]`` of an int64 array.

    Args:
        words: ``(W,)`` int64.
        number: Index in [0, W).
    """

    def generate(context, builder, signature, arguments):
        place = _place(context, builder, signature, *arguments)
        return builder.load_atomic(place, _ORDER, _WORD)

    return types.int64(words, types.int64), generate


@_builtin
def put(_, words, number, value):
    """Set ``words[number]``.

    Args:
        words: ``(W,)`` int64, changed in place.
        number: Index in [0, W).
        value: What is written.
    """

    def generate(context, builder, signature, arguments):
        place = _place(context, builder, signature, *arguments[:2])
        builder.store_atomic(arguments[2], place, _ORDER, _WORD)
        return context.get_dummy_value()

    return types.void(words, types.int64, types.int64), generate


@_builtin
def take(_, words, number):
    """Count ``words[number]`` up by one and return what it was.

    Args:
        words: ``(W,)`` int64, changed in place.
        number: Index in [0, W).
    """

    def generate(context, builder, signature, arguments):
        place = _place(context, builder, signature, *arguments)
        return builder.atomic_rmw("add", place, ir.Constant(ir.IntType(64), 1), _ORDER)

    return types.int64(words, types.int64), generate


@_builtin
def address(_, value):
    """Where ``value`` lies for as long as the calling function runs."""

    def generate(context, builder, signature, arguments):
        slot = cgutils.alloca_once_value(builder, arguments[0])
        return builder.ptrtoint(slot, ir.IntType(64))

    return types.int64(value), generate


@_builtin
def fetch(_, place, like):
    """The value at an `address`, of the type of ``like``.

    Args:
        place: From `address`, of a value that is still alive.
        like: Any value of the type that is expected.
    """

    def generate(context, builder, signature, arguments):
        kind = context.get_value_type(signature.return_type)
        value = builder.load(builder.inttoptr(arguments[0], kind.as_pointer()))
        return impl_ret_borrowed(context, builder, signature.return_type, value)

    return like(types.int64, like), generate


@_builtin
def pause(_):
    """Wait for some ten nanoseconds without getting in the way of the core's other thread."""

    def generate(context, builder, signature, arguments):
        if _X86:
            kind = ir.FunctionType(ir.VoidType(), [])
            name = "llvm.x86.sse2.pause"
            builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [])
        return context.get_dummy_value()

    return types.void(), generate


@_builtin
def doze(_):
    """Leave the core to somebody else for some 50 microseconds, on systems that can."""

    def generate(context, builder, signature, arguments):
        if _POSIX:
            kind = ir.FunctionType(ir.IntType(32), [ir.IntType(32)])
            sleep = cgutils.get_or_insert_function(builder.module, kind, "usleep")
            builder.call(sleep, [ir.Constant(ir.IntType(32), 1)])
        return context.get_dummy_value()

    return types.void(), generate
