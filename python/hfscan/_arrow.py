"""Converts results to objects of the input's library."""

from __future__ import annotations

from ._hfscan import ArrowArray, ArrowStream


def like(data, made):
    """Converts ``made``, an ``ArrowArray``, an ``ArrowStream`` or a list of arrays, to the type of
    pyarrow or polars that corresponds to ``data``. Returns it unchanged for other libraries."""
    library = type(data).__module__.partition(".")[0]
    if library == "pyarrow":
        return _of_pyarrow(data, made)
    if library == "polars":
        return _of_polars(data, made)
    return made


def _of_pyarrow(data, made):
    import pyarrow

    if isinstance(made, list):
        return pyarrow.chunked_array([pyarrow.array(one) for one in made], type=data.type)
    if isinstance(made, ArrowArray):
        is_column = isinstance(data, pyarrow.Array) and _is_like(data, made)
        return pyarrow.array(made) if is_column else pyarrow.record_batch(made)
    if isinstance(data, pyarrow.RecordBatchReader):
        return pyarrow.RecordBatchReader.from_stream(made)
    return pyarrow.table(made)


def _is_like(data, made):
    """``True`` if ``made`` is a column like ``data``, not a table of results."""
    import pyarrow

    return pyarrow.types.is_struct(data.type) or pyarrow.field(made).type == data.type


def _of_polars(data, made):
    import polars

    if isinstance(made, list):
        return polars.concat([polars.Series(one) for one in made]).rename(data.name)
    return polars.DataFrame(made) if isinstance(made, ArrowStream) else polars.Series(made)
