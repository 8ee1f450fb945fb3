"""Conditions as Python."""

from yibaolang.model.core import Compare, Inside, Junction, Negation
from yibaolang.program.operations import SIGNS, inside_operands, inside_scales
from yibaolang.program.printing import (
    Piece,
    PrintTable,
    Scope,
    check_given,
    lifted,
    printed,
    scales_of,
)

_PYTHON_SIGNS = {"=": "=="}


def _negation(node: Negation, scope: Scope) -> Piece:
    piece = printed(node.operand, scope)
    if piece.value is not None:
        return Piece(str(not piece.value), not piece.value, False, True)
    return Piece(f"not {piece.operand}", None, False, False, piece.depth + 1)


def _junction(node: Junction, scope: Scope) -> Piece:
    pieces = [printed(each, scope) for each in node.operands]
    open_ = [each for each in pieces if each.value is not node.every]
    if not open_:
        return Piece(str(node.every), node.every, False, True)
    # A constant that decides stays written down: the others may still have to be looked at.
    word = " and " if node.every else " or "
    depth = max(each.depth for each in open_) + 1
    return Piece(word.join(each.operand for each in open_), None, False, False, depth)


def _compare(node: Compare, scope: Scope) -> Piece:
    numeric = node.left.type.numeric
    scales = scales_of(node.scales, 2) if numeric else [1, 1]
    left, right = (
        lifted(each, scope, scale)
        for each, scale in zip((node.left, node.right), scales, strict=True)
    )
    if left.value is not None and right.value is not None:
        holds = bool(SIGNS[node.sign](left.value, right.value))
        return Piece(str(holds), holds, False, True)
    if node.sign in ("=", "!=") and node.left.type.kind not in ("choice", "truth", "text"):
        left, right = (_there(each, scope) for each in (left, right))
    sign = _PYTHON_SIGNS.get(node.sign, node.sign)
    depth = max(left.depth, right.depth) + 1
    return Piece(f"{left.operand} {sign} {right.operand}", None, False, False, depth)


def _there(piece: Piece, scope: Scope) -> Piece:
    """A named piece that is not None."""
    if piece.value is not None:
        return piece
    named = scope.writer.let("side", piece)
    check_given(named.code, scope)
    return named


def _inside(node: Inside, scope: Scope) -> Piece:
    operands = inside_operands(node)
    numeric = node.operand.type.numeric
    scales = scales_of(inside_scales(node), len(operands)) if numeric else [1] * len(operands)
    value, *ends = [
        lifted(each, scope, scale) for each, scale in zip(operands, scales, strict=True)
    ]
    if not ends:
        _there(value, scope)
    if len(ends) == 2:
        # Python does not look at the high bound if the low one is enough.
        value, ends[1] = scope.writer.let("inside", value), _there(ends[1], scope)
    code = value.operand
    if node.low is not None:
        code = f"{ends[0].operand} {'<' if node.low_open else '<='} {code}"
    if node.high is not None:
        code = f"{code} {'<' if node.high_open else '<='} {ends[-1].operand}"
    depth = max(each.depth for each in (value, *ends)) + 1
    return Piece(code if ends else "True", None, False, not ends, depth)


CONDITIONS: PrintTable = {
    Negation: _negation,
    Junction: _junction,
    Compare: _compare,
    Inside: _inside,
}
"""By class of node: how it is printed."""
