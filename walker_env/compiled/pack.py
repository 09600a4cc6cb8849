"""Packs: eight numbers of eight walkers, in one vector register where the processor has such.

Where a loop over walkers keeps sums in registers the compiler has to be told how; everywhere else
it turns plain loops into the same instructions by itself. A pack has ``+ - * /`` and comparisons,
also with a float, each rounded as IEEE 754 fixes it, lane by lane. A comparison gives a mask. A
pack of words has ``+ * ^ >>``, also with a whole number, of uint32 numbers that wrap around.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model

LANES = 8
"""Numbers in a pack."""

_builtin: Any = intrinsic  # numba's own type has the signature of the decorated function
_DOUBLE, _FLOAT, _INT = ir.DoubleType(), ir.FloatType(), ir.IntType(32)
_SINGLES = ir.VectorType(_FLOAT, LANES)
_WHOLE, _HALF = 8, 4  # [byte] alignment that loads and stores can rely on


class _Pack(types.Type):
    """numba's type of a pack."""


class _Mask(types.Type):
    """numba's type of a mask."""


class _Words(types.Type):
    """numba's type of a pack of words."""


_pack, _mask, _words = _Pack("pack"), _Mask("mask"), _Words("words")


@register_model(_Pack)
class _PackModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, ir.VectorType(_DOUBLE, LANES))


@register_model(_Mask)
class _MaskModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, ir.VectorType(ir.IntType(1), LANES))


@register_model(_Words)
class _WordsModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, ir.VectorType(_INT, LANES))


def _spread(builder, value):
    """The same float, or the same word, in every lane; a pack as it is."""
    if isinstance(value.type, ir.VectorType):
        return value
    if isinstance(value.type, ir.IntType):
        value = builder.trunc(value, _INT)
    vector = ir.VectorType(value.type, LANES)
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.IntType(32)(0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(one, ir.Constant(vector, ir.Undefined), zeros)


_PAIRS = ((_pack, _pack), (_pack, types.float64), (types.float64, _pack))


def _teach(what, result, pairs, generate):
    """Let numba know an operator on packs or masks."""

    @infer_global(what)
    class _Template(ConcreteTemplate):
        cases = [signature(result, *pair) for pair in pairs]  # noqa: RUF012 - as numba wants it

    for pair in pairs:

        @lower_builtin(what, *pair)
        def _lower(context, builder, signature, arguments):
            return generate(builder, *(_spread(builder, value) for value in arguments))


_teach(operator.add, _pack, _PAIRS, lambda builder, a, b: builder.fadd(a, b))
_teach(operator.sub, _pack, _PAIRS, lambda builder, a, b: builder.fsub(a, b))
_teach(operator.mul, _pack, _PAIRS, lambda builder, a, b: builder.fmul(a, b))
_teach(operator.truediv, _pack, _PAIRS, lambda builder, a, b: builder.fdiv(a, b))
_teach(operator.lt, _mask, _PAIRS, lambda builder, a, b: builder.fcmp_ordered("<", a, b))
_teach(operator.eq, _mask, _PAIRS, lambda builder, a, b: builder.fcmp_ordered("==", a, b))
_teach(operator.gt, _mask, _PAIRS, lambda builder, a, b: builder.fcmp_ordered(">", a, b))

_WITH_WORDS = ((_words, _words), (_words, types.int64))

_teach(operator.add, _words, _WITH_WORDS, lambda builder, a, b: builder.add(a, b))
_teach(operator.mul, _words, _WITH_WORDS, lambda builder, a, b: builder.mul(a, b))
_teach(operator.xor, _words, _WITH_WORDS, lambda builder, a, b: builder.xor(a, b))
_teach(operator.rshift, _words, _WITH_WORDS, lambda builder, a, b: builder.lshr(a, b))


def _place(context, builder, signature, rows, row, lane):
    """Pointer to an element of a two-dimensional array whose rows are contiguous."""
    array = context.make_array(signature.args[0])(context, builder, rows)
    width = builder.extract_value(array.shape, 1)
    return builder.gep(array.data, [builder.add(builder.mul(row, width), lane)])


@_builtin
def load(_, rows, row, lane):
    """The pack ``rows[row, lane : lane + LANES]``.

    Args:
        rows: ``(R, W)`` float64 or float32, C-contiguous.
        row: Which row.
        lane: Its first lane.
    """
    if rows.layout != "C":
        raise TypeError(f"a pack is loaded from contiguous rows, got the layout {rows.layout}")
    half = rows.dtype == types.float32

    def generate(context, builder, signature, arguments):
        place = _place(context, builder, signature, *arguments)
        kind = _SINGLES if half else ir.VectorType(_DOUBLE, LANES)
        value = builder.load(builder.bitcast(place, kind.as_pointer()))
        value.align = _HALF if half else _WHOLE
        return builder.fpext(value, ir.VectorType(_DOUBLE, LANES)) if half else value

    return _pack(rows, types.intp, types.intp), generate


@_builtin
def store(_, rows, row, lane, value):
    """Set ``rows[row, lane : lane + LANES]``.

    Args:
        rows: ``(R, W)`` float64, C-contiguous, changed in place.
        row: Which row.
        lane: Its first lane.
        value: A pack.
    """
    if rows.layout != "C" or rows.dtype != types.float64:
        raise TypeError(f"a pack is stored in contiguous rows of float64, got {rows}")

    def generate(context, builder, signature, arguments):
        place = _place(context, builder, signature, *arguments[:3])
        kind = ir.VectorType(_DOUBLE, LANES).as_pointer()
        builder.store(arguments[3], builder.bitcast(place, kind)).align = _WHOLE
        return context.get_dummy_value()

    return types.void(rows, types.intp, types.intp, _pack), generate


@_builtin
def where(_, mask, one, other):
    """One pack in some lanes and another in the others.

    Args:
        mask: In which lanes.
        one: There; a pack or a float.
        other: Elsewhere; a pack or a float.
    """

    def generate(context, builder, signature, arguments):
        mask, one, other = arguments
        return builder.select(mask, _spread(builder, one), _spread(builder, other))

    return _pack(mask, one, other), generate


@_builtin
def spread(_, value):
    """A pack of one float in every lane."""

    def generate(context, builder, signature, arguments):
        return _spread(builder, *arguments)

    return _pack(types.float64), generate


def _of_llvm(name):
    """What computes a function of LLVM on a pack."""

    def generate(context, builder, signature, arguments):
        kind = ir.VectorType(_DOUBLE, LANES)
        function = ir.FunctionType(kind, [kind])
        called = f"llvm.{name}.v{LANES}f64"
        return builder.call(
            cgutils.get_or_insert_function(builder.module, function, called), arguments
        )

    return generate


@_builtin
def root(_, value):
    """The square roots of a pack."""
    return _pack(_pack), _of_llvm("sqrt")


@_builtin
def floor(_, value):
    """The whole numbers below a pack's."""
    return _pack(_pack), _of_llvm("floor")


@_builtin
def words(_, value):
    """A pack of whole numbers in [-2^31, 2^31) as words."""

    def generate(context, builder, signature, arguments):
        return builder.fptosi(arguments[0], ir.VectorType(_INT, LANES))

    return _words(_pack), generate


@_builtin
def numbers(_, value):
    """Words below 2^31 as a pack."""

    def generate(context, builder, signature, arguments):
        return builder.sitofp(arguments[0], ir.VectorType(_DOUBLE, LANES))

    return _pack(_words), generate


@_builtin
def single(_, value):
    """A pack rounded to float32."""

    def generate(context, builder, signature, arguments):
        (value,) = arguments
        return builder.fpext(builder.fptrunc(value, _SINGLES), ir.VectorType(_DOUBLE, LANES))

    return _pack(_pack), generate
