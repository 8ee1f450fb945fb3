"""Columns and rows on their way through a cluster: their types, and batches put together."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from yibaolang.population.columns import load_arrow

TYPES = {
    "string": "string", "int64": "bigint", "int32": "int", "date32[day]": "date", "bool": "boolean",
}  # fmt: skip
"""The types of columns that come out, in Arrow and in Spark."""

Shape = tuple[tuple[str, str], ...]
"""Columns: the name of each and its type as Arrow writes it."""


# ── columns ──


def shape_of(schema: Any) -> Shape:
    """The columns that come out, of the schema of what one machine makes: no dictionaries.

    TypeError for a type that no figure and no ledger has.

    >>> import pyarrow as pa
    >>> words = pa.dictionary(pa.int16(), pa.string())
    >>> shape_of(pa.schema([("account", pa.string()), ("credit_refused", words)]))
    (('account', 'string'), ('credit_refused', 'string'))
    """
    arrow = load_arrow()
    found = []
    for each in schema:
        type_ = each.type.value_type if arrow.types.is_dictionary(each.type) else each.type
        # An account may be a long text, and everything may be null in a batch without rows.
        text = arrow.types.is_large_string(type_) or arrow.types.is_null(type_)
        name = "string" if text else str(type_)
        if name not in TYPES:
            raise TypeError(f"{each.name} has the type {type_}, which no result has")
        found.append((each.name, name))
    return tuple(found)


def schema_of(shape: Shape) -> Any:
    """The schema of columns, in Arrow."""
    arrow = load_arrow()
    types = {
        "string": arrow.string(), "int64": arrow.int64(), "int32": arrow.int32(),
        "date32[day]": arrow.date32(), "bool": arrow.bool_(),
    }  # fmt: skip
    return arrow.schema([(name, types[type_]) for name, type_ in shape])


def plain(batch: Any, shape: Shape) -> Any:
    """A batch with exactly these columns, none of them a dictionary."""
    arrow = load_arrow()
    schema = schema_of(shape)
    if batch.schema.names != schema.names:
        raise TypeError(f"the columns {batch.schema.names} are not {schema.names}")
    columns = []
    for array, each in zip(batch.columns, schema, strict=True):
        if arrow.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        columns.append(array if array.type == each.type else array.cast(each.type))
    return arrow.RecordBatch.from_arrays(columns, schema=schema)


def bytes_of(batch: Any) -> bytes:
    """A record batch as Arrow writes it to a stream."""
    arrow = load_arrow()
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def batch_of(written: bytes) -> Any:
    """The record batch that `bytes_of` wrote."""
    with load_arrow().ipc.open_stream(written) as reader:
        return reader.read_next_batch()


# ── batches ──


def gathered(batches: Iterable[Any], rows: int) -> Iterator[Any]:
    """Record batches put together until they have so many rows; none is empty.

    >>> import pyarrow as pa
    >>> small = [pa.record_batch({"x": [number]}) for number in range(5)]
    >>> [each.num_rows for each in gathered(small, 2)]
    [2, 2, 1]
    """
    held: list[Any] = []
    count = 0
    for batch in batches:
        if batch.num_rows:
            held.append(batch)
            count += batch.num_rows
        if count >= rows:
            yield _one(held)
            held, count = [], 0
    if held:
        yield _one(held)


def _one(batches: Sequence[Any]) -> Any:
    return batches[0] if len(batches) == 1 else load_arrow().concat_batches(batches)


def whole_accounts(batches: Iterable[Any], rows: int) -> Iterator[Any]:
    """Tables of at least so many rows, but for the last, that end where an account does.

    >>> import pyarrow as pa
    >>> some = [pa.record_batch({"account": list(each)}) for each in ("aab", "bbb", "bcc", "d")]
    >>> ["".join(each.column("account").to_pylist()) for each in whole_accounts(some, 3)]
    ['aa', 'bbbbbcc', 'd']
    """
    arrow = load_arrow()
    held: list[Any] = []
    count, enough = 0, rows
    for batch in batches:
        if batch.num_rows:
            held.append(batch)
            count += batch.num_rows
        if count >= enough:
            table = arrow.Table.from_batches(held)
            cut = _last_begin(table.column("account"))
            if cut:
                yield table.slice(0, cut)
            held, count = table.slice(cut).to_batches(), count - cut
            # An account that does not end is looked at again only when there is twice as much.
            enough = max(rows, 2 * count)
    if held:
        yield arrow.Table.from_batches(held)


def _last_begin(accounts: Any) -> int:
    """Where the last account begins."""
    compute = load_arrow().compute
    same = compute.fill_null(compute.equal(accounts, accounts[-1]), accounts[-1].as_py() is None)
    others = compute.indices_nonzero(compute.invert(same))
    return others[-1].as_py() + 1 if len(others) else 0
