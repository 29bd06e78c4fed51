"""Containers whose structure is hostile, for `bounds.py`: loops, overlaps, long chains, many parts.

Each contains few bytes that are read again and again, or very many parts without content.
"""

import bz2
import gzip
import io
import json
import lzma
import pickle
import sqlite3
import struct
import tarfile
import tempfile
import zlib

from bombs import bomb, from_program, gzipped, seven_zip, tokens, zipped


@bomb("empty.gz", "gzip, 500,000 empty members")
def gzip_members():
    return gzip.compress(b"", mtime=0) * 500_000


@bomb("name.gz", "gzip, a name of 30 MB")
def gzip_name():
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(b"text") + packer.flush() + struct.pack("<II", zlib.crc32(b"text"), 4)
    return b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + b"hf_" * 10_000_000 + b"\0" + body


@bomb("empty.bz2", "bzip2, 1,000,000 empty streams")
def bzip2_members():
    return bz2.compress(b"a") + bz2.compress(b"") * 1_000_000


@bomb("empty.xz", "xz, 500,000 empty streams")
def xz_members():
    return lzma.compress(b"") * 500_000


@bomb("empty.zst", "zstd, 1,000,000 frames of a byte")
def zstd_frames():
    return b"\x28\xb5\x2f\xfd\x20\x01\x09\0\0a" * 1_000_000


@bomb("skipped.zst", "zstd, 2,000,000 skippable frames and an empty one")
def zstd_skippable():
    return b"\x50\x2a\x4d\x18\0\0\0\0" * 2_000_000 + b"\x28\xb5\x2f\xfd\x20\0\x01\0\0"


@bomb("skipped.lz4", "LZ4, a frame and 2,000,000 skippable ones")
def lz4_skippable():
    return from_program(["lz4", "-q", "-c"], 1) + b"\x5f\x2a\x4d\x18\0\0\0\0" * 2_000_000


@bomb("blocks.lz4", "LZ4, a legacy frame of 4,000,000 empty blocks")
def lz4_legacy():
    return b"\x02\x21\x4c\x18" + b"\0\0\0\0" * 4_000_000


def zip_end(count, entries, start):
    """The end of a zip in the 64-bit format."""
    size = len(entries)
    end = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, start)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, start + size, 1)
    return entries + end + locator + b"PK\x05\x06" + b"\0" * 4 + b"\xff" * 12 + b"\0\0"


@bomb("overlap64.zip", "zip64, 50,000 members of one stored megabyte, sizes of 2^62")
def zip64_overlap():
    text = b"x = 1\n" * 170_000
    local = b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", 45, 0, 0, 0, 0, 0, len(text), len(text), 1, 0) + b"a" + text
    entries = []
    for number in range(50_000):
        size = len(text) if number % 2 else 1 << 62
        extra = struct.pack("<HHQQQ", 1, 24, size, size, 0)
        fixed = struct.pack("<HHHHHHIIIHHHHHII", 45, 45, 0, 0, 0, 0, 0, (1 << 32) - 1, (1 << 32) - 1, 1, len(extra), 0, 0, 0, 0, (1 << 32) - 1)
        entries.append(b"PK\x01\x02" + fixed + b"a" + extra)
    return local + zip_end(50_000, b"".join(entries), len(local))


@bomb("staggered.zip", "zip, 3,000 members that each contain all later ones")
def zip_staggered():
    locals_, entries = bytearray(), []
    sizes = 3_000
    header = 31
    total = sizes * header + 1_000
    for number in range(sizes):
        rest = total - (number + 1) * header
        start = len(locals_)
        locals_ += b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0, 0, rest, rest, 1, 0) + b"a"
        entries.append(b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 0, 0, rest, rest, 1, 0, 0, 0, 0, 0, start) + b"a")
    locals_ += b"hf_ " * 250
    packed = b"".join(entries)
    end = b"PK\x05\x06\0\0\0\0" + struct.pack("<HHIIH", sizes, sizes, len(packed), len(locals_), 0)
    return bytes(locals_) + packed + end


@bomb("ends.zip", "zip, 400,000 ends of a directory that are none")
def zip_ends():
    end = b"PK\x05\x06\0\0\0\0" + struct.pack("<HHIIH", 9, 9, 900, 7, 60_000)
    return zipped([("a", b"a")]) + end * 400_000


def tar_header(name, kind, size, magic=b"ustar\x0000"):
    data = bytearray(512)
    data[:len(name)] = name
    data[100:108], data[124:136] = b"0000644\0", b"%011o\0" % size
    data[156:157], data[257:265] = kind, magic
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data)
    return bytes(data)


@bomb("pax.tar", "tar, 50,000 pax headers before one member")
def tar_pax():
    record = b"30 path=" + b"a" * 21 + b"\n"
    one = tar_header(b"pax", b"x", len(record)) + record.ljust(512, b"\0")
    return one * 50_000 + tar_header(b"a", b"0", 0) + b"\0" * 1024


@bomb("records.tar", "tar, a pax header of 40 MB of records")
def tar_records():
    records = b"".join(b"%d key%d=value\n" % (len(str(number)) + 14, number) for number in range(2_000_000))
    return tar_header(b"pax", b"x", len(records)) + records + b"\0" * (-len(records) % 512) + tar_header(b"a", b"0", 0)


@bomb("names.tar.tar", "tar, 200 members with names of 200 kB")
def tar_long_names():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for number in range(200):
            archive.addfile(tarfile.TarInfo("a/" * 100_000 + str(number)))
    return out.getvalue()


@bomb("sparse.tar", "tar, a sparse member of 2^50 bytes in 100,000 pieces")
def tar_sparse():
    pieces = b"100000\n" + b"".join(b"%d\n0\n" % (number << 33) for number in range(100_000))
    pieces += b"\0" * (-len(pieces) % 512)
    headers = (("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "a"), ("GNU.sparse.realsize", str(1 << 50)))
    records = b""
    for key, value in headers:
        length = len(key) + len(value) + 3
        length += len(str(length + 2))
        records += f"{length} {key}={value}\n".encode()
    return (tar_header(b"pax", b"x", len(records)) + records.ljust(-len(records) % 512 + len(records), b"\0")
            + tar_header(b"a", b"0", len(pieces)) + pieces + b"\0" * 1024)


@bomb("nested.tar", "tar in tar, 60 deep, 64 bytes of each level after its end")
def tar_nested():
    data = b"end"
    for _ in range(60):
        data = tar_header(b"a.tar", b"0", len(data)) + data + b"\0" * (-len(data) % 512) + b"\0" * 1024 + b"hf_ " * 16
    return data


def number(value):
    return b"\xff" + value.to_bytes(8, "little")


@bomb("folders.7z", "7z, 100,000 folders without content")
def seven_zip_folders():
    count = 100_000
    folder = b"\x01\x01\0"
    streams = (b"\x06" + number(0) + number(count) + b"\x09" + b"\0" * count + b"\0"
               + b"\x07\x0b" + number(count) + b"\0" + folder * count + b"\x0c" + b"\0" * count + b"\0\0")
    return seven_zip(b"\x01\x04" + streams + b"\0")


@bomb("coders.7z", "7z, a folder of 30 coders, each the input of the next")
def seven_zip_coders():
    count = 30
    folder = number(count) + b"\x01\0" * count + b"".join(bytes([n + 1, n]) for n in range(count - 1))
    streams = (b"\x06" + number(0) + number(1) + b"\x09" + number(1_000_000) + b"\0"
               + b"\x07\x0b\x01\0" + folder + b"\x0c" + number(1_000_000) * count + b"\0\0")
    name = "a\0".encode("utf-16-le")
    files = b"\x05" + number(1) + b"\x11" + number(len(name) + 1) + b"\0" + name + b"\0"
    return seven_zip(b"\x01\x04" + streams + files + b"\0", b"x" * 1_000_000)


@bomb("header.7z", "7z, a header packed 40 times")
def seven_zip_header():
    header = b"\x01\x05" + number(0) + b"\0\0"
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}]
    packed = b""
    for _ in range(40):
        data = lzma.compress(header, lzma.FORMAT_RAW, filters=filters)
        header = (b"\x17\x06" + number(len(packed)) + b"\x01\x09" + number(len(data)) + b"\0"
                  + b"\x07\x0b\x01\0\x01\x23\x03\x01\x01\x05\x5d\0\0\x01\0\x0c" + number(len(header)) + b"\0\0")
        packed += data
    return seven_zip(header, packed)


def sqlite_pages(size, pages):
    data = bytearray(pages * size)
    data[:24] = b"SQLite format 3\0" + struct.pack(">H", size % 65536) + b"\x01\x01\0\x40\x20\x20"
    data[28:32] = struct.pack(">I", pages)
    data[56:60] = struct.pack(">I", 1)
    return data


@bomb("free.sqlite", "SQLite, 3,000 free pages whose list is a ring")
def sqlite_free():
    size, pages = 4096, 3_000
    data = sqlite_pages(size, pages)
    data[32:40] = struct.pack(">II", 2, 1 << 31)
    data[100] = 13
    for page in range(1, pages):
        start = page * size
        struct.pack_into(">II", data, start, 1 + page % (pages - 1) + 1, 1_000)
        for leaf in range(1_000):
            struct.pack_into(">I", data, start + 8 + 4 * leaf, (page * 31 + leaf) % pages + 1)
    return bytes(data)


@bomb("cells.sqlite", "SQLite, 2,000 pages of 2,000 cells that are one text of 3 kB")
def sqlite_cells():
    size, pages = 8192, 2_000
    data = sqlite_pages(size, pages)
    record = b"\x03" + b"\xae\x7d" + b"hf_ " * 752
    for page in range(pages):
        start = page * size + (100 if page == 0 else 0)
        data[start] = 13
        data[start + 3:start + 5] = struct.pack(">H", 2_000)
        for cell in range(2_000):
            struct.pack_into(">H", data, start + 8 + 2 * cell, 5_000)
        cell = b"\x97\x43\x01" + record
        data[page * size + 5_000:page * size + 5_000 + len(cell)] = cell
    return bytes(data)


@bomb("tables.sqlite", "SQLite, 20,000 tables with long definitions")
def sqlite_tables():
    with tempfile.NamedTemporaryFile() as file:
        database = sqlite3.connect(file.name)
        database.execute("PRAGMA journal_mode = off")
        columns = ", ".join(f"column{number} TEXT DEFAULT 'hf_'" for number in range(40))
        for table in range(20_000):
            database.execute(f"CREATE TABLE t{table} ({columns})")
        database.commit()
        database.close()
        return file.read()


def pdf_stream(entries, content):
    return b"4 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (entries, len(content), content)


@bomb("extends.pdf", "PDF, 50,000 object streams that extend each other, cross-references in a ring")
def pdf_extends():
    content = zlib.compress(b"1 0 2 9 << /A (hf_) >> << /B 2 0 R >>")
    one = pdf_stream(b"/Type /ObjStm /N 1000000000 /First 8 /Extends 4 0 R /Filter /FlateDecode", content)
    return b"%PDF-1.7\n" + one * 50_000 + b"trailer << /Prev 9 /XRefStm 9 /Size 999999999 >>\nstartxref\n9\n%%EOF\n"


@bomb("filters.pdf", "PDF, a stream in 20 layers of deflate and one of 200 filters")
def pdf_filters():
    data = b"(hf_) Tj\n" * 100_000
    for _ in range(20):
        data = zlib.compress(data)
    filters = b"/Filter [" + b"/FlateDecode " * 20 + b"]"
    return b"%PDF-1.7\n" + pdf_stream(filters, data) * 100 + pdf_stream(b"/Filter [" + b"/ASCIIHexDecode " * 200 + b"]", b"41" * 500_000)


@bomb("strings.pdf", "PDF, 10 MB of open parentheses and 10 MB of hexadecimal")
def pdf_strings():
    return b"%PDF-1.7\n" + pdf_stream(b"", b"(" * 10_000_000) + pdf_stream(b"", b"<68665f " * 1_250_000)


@bomb("memo.pkl", "pickle, one text of 1 MB used 1,000,000 times")
def pickle_memo():
    text = b"hf_ " * 250_000
    return b"\x80\x04\x8d" + struct.pack("<Q", len(text)) + text + b"\x94](" + b"h\0" * 1_000_000 + b"e."


@bomb("objects.pkl", "pickle, 500,000 calls and states")
def pickle_objects():
    return b"\x80\x02" + b"ca\nb\n)R}X\x01\0\0\0kX\x01\0\0\0vsb" * 500_000 + b"."


@bomb("nested.pkl", "pickle in pickle, 12 times, each of 8 copies")
def pickle_nested():
    data = pickle.dumps("hf_")
    for _ in range(7):
        data = pickle.dumps([data[:-1] + bytes([n]) for n in range(8)], 4)
    return data


@bomb("tensors.safetensors", "safetensors, 300,000 tensors of one stretch")
def safetensors_tensors():
    entry = {"dtype": "U8", "shape": [1 << 40], "data_offsets": [0, 1 << 40]}
    header = json.dumps({f"tensor{number}": entry for number in range(300_000)}).encode()
    return struct.pack("<Q", len(header)) + header + b"\0" * 64


@bomb("arrays.npz", "npz, 2,000 arrays whose headers promise 2^40 texts")
def npz_arrays():
    header = b"{'descr': '<U40', 'fortran_order': False, 'shape': (1099511627776,), }".ljust(118) + b"\n"
    one = b"\x93NUMPY\x01\0" + struct.pack("<H", len(header)) + header + "hf_".encode("utf-32-le") * 2_000
    return zipped([(f"{number}.npy", one) for number in range(2_000)])


@bomb("header.npy", "npy, a header of 60 MB")
def npy_header():
    header = b"{'descr': " + b"[('a', " * 8_000_000 + b"}\n"
    return b"\x93NUMPY\x03\0" + struct.pack("<I", len(header)) + header


@bomb("groups.parquet", "Parquet, 4,000 groups of rows that are one page of 1 MiB")
def parquet_groups():
    import pyarrow
    import pyarrow.parquet

    out = io.BytesIO()
    table = pyarrow.table({"a": ["hf_ " * (1 << 18)]})
    pyarrow.parquet.write_table(table, out, compression="zstd", use_dictionary=False, write_statistics=False, store_schema=False)
    data = out.getvalue()
    length = struct.unpack("<I", data[-8:-4])[0]
    footer = data[-8 - length:-8]
    # The list of row groups: field 4 of the footer, of structures. Its one element is repeated.
    start = footer.index(b"\x19\x1c\x19\x1c") + 1
    end = footer.index(b"\x28", start) if b"\x28" in footer[start:] else len(footer) - 1
    element = footer[start + 1:end]
    many = footer[:start] + b"\xfc\xa0\x1f" + element * 4_000 + footer[end:]
    return data[:-8 - length] + many + struct.pack("<I", len(many)) + b"PAR1"


@bomb("dictionary.parquet", "Parquet, 20,000,000 rows of one text of 1 MiB")
def parquet_dictionary():
    import pyarrow
    import pyarrow.parquet

    out = io.BytesIO()
    indices = pyarrow.array([0], pyarrow.int32()).take(pyarrow.array([0] * 20_000_000))
    column = pyarrow.DictionaryArray.from_arrays(indices, ["hf_ " * (1 << 18)])
    pyarrow.parquet.write_table(pyarrow.table({"a": column}), out, compression="zstd", write_statistics=False)
    return out.getvalue()


def arrow(table, **options):
    import pyarrow

    out = io.BytesIO()
    with pyarrow.ipc.new_file(out, table.schema, options=pyarrow.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table)
    return out.getvalue()


@bomb("views.arrow", "Arrow, 1,000,000 views of one text of 1 MiB")
def arrow_views():
    import pyarrow

    view = struct.pack("<I4sII", 1 << 20, b"hf_ ", 0, 0)
    buffers = [None, pyarrow.py_buffer(view * 1_000_000), pyarrow.py_buffer(b"hf_ " * (1 << 18))]
    column = pyarrow.Array.from_buffers(pyarrow.string_view(), 1_000_000, buffers)
    return arrow(pyarrow.table({"a": column}))


@bomb("ends.arrow", "Arrow, a run of 2^31 texts of 1 MiB")
def arrow_runs():
    import pyarrow

    column = pyarrow.RunEndEncodedArray.from_arrays([(1 << 31) - 1], ["hf_ " * (1 << 18)])
    return arrow(pyarrow.table({"a": column}))


@bomb("blocks.arrow", "Arrow, a footer with 200,000 blocks that are one batch")
def arrow_blocks():
    import pyarrow

    data = arrow(pyarrow.table({"a": ["hf_ " * 5_000] * 10}))
    length = struct.unpack("<i", data[-10:-6])[0]
    footer = data[-10 - length:-10]
    # The vector of blocks: its length, then structures of 24 bytes. It moves to the end.
    block = next(at for at in range(4, len(footer) - 24, 4)
                 if struct.unpack_from("<I", footer, at - 4)[0] == 1
                 and 0 < struct.unpack_from("<q", footer, at)[0] < len(data)
                 and 0 < struct.unpack_from("<q", footer, at + 16)[0] < len(data)
                 and struct.unpack_from("<i", footer, at + 12)[0] == 0)
    field = next(at for at in range(0, block - 4, 4) if at + struct.unpack_from("<I", footer, at)[0] == block - 4)
    footer += b"\0" * ((4 - len(footer)) % 8)
    moved = bytearray(footer)
    struct.pack_into("<I", moved, field, len(moved) - field)
    moved += struct.pack("<I", 200_000) + footer[block:block + 24] * 200_000
    return data[:-10 - length] + bytes(moved) + struct.pack("<i", len(moved)) + b"ARROW1"


@bomb("layers.txt", "base64 of base64, 30 times, 12 MB")
def base64_layers():
    import base64

    data = tokens(1)[0].encode()
    for _ in range(30):
        data = base64.b64encode(data)
    return data * (12_000_000 // len(data) + 1)
