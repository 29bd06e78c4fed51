"""Decompression bombs and other hostile containers, for `bounds.py`.

If a required program or module (`zstd`, `lz4` or `pyarrow`) is missing, the maker raises
`ImportError`.
"""

import bz2
import gzip
import io
import lzma
import pickle
import random
import shutil
import sqlite3
import string
import struct
import subprocess
import tarfile
import tempfile
import zipfile
import zlib

HUGE = 1 << 40
LETTERS = string.ascii_letters + string.digits
BOMBS = []


def bomb(name, what):
    def register(maker):
        BOMBS.append((name, what, maker))
        return maker

    return register


def tokens(count):
    """`count` different texts in the format of a token."""
    numbers = random.Random(7)
    return ["hf" + "_" + "".join(numbers.choices(LETTERS, k=34)) for _ in range(count)]


def repeated(compressor, mib, byte=b"\0"):
    """`mib` MiB of one repeated byte, packed."""
    block, out = byte * (1 << 20), []
    for _ in range(mib):
        out.append(compressor.compress(block))
    out.append(compressor.flush())
    return b"".join(out)


def gzipped(data):
    return gzip.compress(data, 9)


def zipped(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def zipped_zeros(mebibytes, method):
    """A zip with one member, which is never whole in memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=9) as archive:
        with archive.open("zeros", "w", force_zip64=True) as member:
            for _ in range(mebibytes):
                member.write(b"\0" * (1 << 20))
    return out.getvalue()


@bomb("zeros.gz", "gzip, 10 GiB of zeros")
def gzip_zeros():
    return repeated(zlib.compressobj(9, zlib.DEFLATED, 31), 10 << 10)


@bomb("words.gz", "gzip, 4 GiB of `hf_`")
def gzip_words():
    return repeated(zlib.compressobj(9, zlib.DEFLATED, 31), 4 << 10, b"hf_")[:]


@bomb("twice.gz", "gzip of gzip, 10 GiB of zeros")
def gzip_twice():
    return gzipped(gzip_zeros())


def broken_words(word, words, each):
    """Words with a line end at random intervals, so that they pack less well."""
    numbers = random.Random(3)
    lines = (word * numbers.randrange(1, 2 * each) + "\n" for _ in range(words // each))
    return "".join(lines).encode()


@bomb("ratio-76.gz", "gzip of `aGZf` with breaks, 270 MB")
def gzip_ratio_76():
    return gzipped(broken_words("aGZf", 68_000_000, 16))


@bomb("ratio-176.gz", "gzip of `aGZf` with fewer breaks, 135 MB")
def gzip_ratio_176():
    return gzipped(broken_words("aGZf", 34_000_000, 64))


@bomb("eight.tar", "tar of eight gzips of `68665f` with breaks, 64 MB each")
def gzip_eight():
    out = io.BytesIO()
    packed = gzipped(broken_words("68665f", 11_000_000, 16))
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number in range(8):
            info = tarfile.TarInfo(f"{number}.gz")
            info.size = len(packed)
            archive.addfile(info, io.BytesIO(packed))
    return out.getvalue()


@bomb("tokens.gz", "gzip of 300,000 tokens, a line each")
def gzip_tokens():
    return gzipped("\n".join(tokens(300_000)).encode())


@bomb("tokens.zip", "zip of 20,000 members, a token each")
def zip_tokens():
    return zipped([(f"{number}.txt", one) for number, one in enumerate(tokens(20_000))])


@bomb("tokens.pkl", "pickle of 200,000 tokens")
def pickle_tokens():
    return pickle.dumps({f"key{number}": one for number, one in enumerate(tokens(200_000))}, 4)


@bomb("tokens.sqlite", "SQLite, 200,000 rows, a token each")
def sqlite_tokens():
    with tempfile.NamedTemporaryFile() as file:
        database = sqlite3.connect(file.name)
        database.execute("CREATE TABLE users (id, token)")
        database.executemany("INSERT INTO users VALUES (?, ?)", enumerate(tokens(200_000)))
        database.commit()
        database.close()
        return file.read()


@bomb("tokens.pdf", "PDF, 100,000 streams, a token each")
def pdf_tokens():
    out = [b"%PDF-1.7\n"]
    for one in tokens(100_000):
        stream = zlib.compress(f"({one}) Tj".encode())
        out.append(b"4 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(stream), stream))
    return b"".join(out)


@bomb("members.tar", "tar, 100,000 members of a byte")
def tar_members():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number in range(100_000):
            info = tarfile.TarInfo(f"m/{number}")
            info.size = 1
            archive.addfile(info, io.BytesIO(b"x"))
    return out.getvalue()


@bomb("lzma.zip", "zip with LZMA, 2 GiB of zeros")
def zip_lzma():
    return zipped_zeros(2 << 10, zipfile.ZIP_LZMA)


@bomb("damaged.zip", "zip, 5,000 members whose data is damaged")
def zip_damaged():
    data = bytearray(zipped([(f"{number}", b"text" * 500) for number in range(5_000)]))
    at = 0
    while (at := data.find(b"PK\x03\x04", at)) >= 0:
        data[at + 40:at + 44] = b"\xff\xff\xff\xff"
        at += 4
    return bytes(data)


@bomb("zeros.bz2", "bzip2, 10 GiB of zeros")
def bzip2_zeros():
    one = bz2.compress(b"\0" * (256 << 20), 9)
    return one * 40


@bomb("zeros.xz", "xz, 4 GiB of zeros")
def xz_zeros():
    return repeated(lzma.LZMACompressor(preset=0), 4 << 10)


@bomb("dictionary.xz", "xz that asks for a dictionary of 1.5 GiB")
def xz_dictionary():
    small = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    data = bytearray(lzma.compress(b"x" * 4096, lzma.FORMAT_XZ, filters=small))
    # The filter's only property byte encodes the size of the dictionary.
    at = data.index(b"\x21\x01", 12) + 2
    data[at] = 37
    header_len = (data[12] + 1) * 4
    data[12 + header_len - 4:12 + header_len] = struct.pack("<I", zlib.crc32(data[12:12 + header_len - 4]))
    return bytes(data)


def from_program(command, mib, byte=b"\0"):
    if not shutil.which(command[0]):
        raise ImportError(command[0])
    with tempfile.TemporaryFile() as out:
        packer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out)
        for _ in range(mib):
            packer.stdin.write(byte * (1 << 20))
        packer.stdin.close()
        packer.wait()
        out.seek(0)
        return out.read()


@bomb("zeros.zst", "zstd, 10 GiB of zeros")
def zstd_zeros():
    return from_program(["zstd", "-q", "-19", "-c"], 10 << 10)


@bomb("window.zst", "zstd that asks for a window of 2 GiB")
def zstd_window():
    return from_program(["zstd", "-q", "--ultra", "--long=31", "-c"], 8)


@bomb("zeros.lz4", "LZ4, 10 GiB of zeros")
def lz4_zeros():
    return from_program(["lz4", "-q", "-c"], 10 << 10)


def parquet(codec, mib, changed=None):
    import pyarrow
    import pyarrow.parquet

    out = io.BytesIO()
    table = pyarrow.table({"text": pyarrow.array(["a" * (1 << 20)] * mib)})
    pyarrow.parquet.write_table(table, out, compression=codec, use_dictionary=False, data_page_size=1 << 30)
    return out.getvalue()


@bomb("zeros.brotli.parquet", "Parquet with brotli, 512 MiB in a page")
def parquet_brotli():
    return parquet("brotli", 512)


@bomb("zeros.zstd.parquet", "Parquet with zstd, 512 MiB in a page")
def parquet_zstd():
    return parquet("zstd", 512)


@bomb("counts.parquet", "Parquet whose numbers are 2^62")
def parquet_counts():
    data = bytearray(parquet("none", 1))
    footer = struct.unpack("<I", data[-8:-4])[0]
    start = len(data) - 8 - footer
    # Replaces every multi-byte number (a varint) in the footer with a huge one.
    at, out = start, bytearray()
    while at < len(data) - 8:
        end = at
        while data[end] & 0x80 and end < len(data) - 9:
            end += 1
        out += b"\xfe\xff\xff\xff\xff\xff\xff\xff\x7f" if end > at else data[at:at + 1]
        at = end + 1
    return bytes(data[:start] + out + struct.pack("<I", len(out)) + b"PAR1")


@bomb("pages.parquet", "Parquet with zstd, 200 columns of 60 MiB")
def parquet_pages():
    import pyarrow
    import pyarrow.parquet

    out = io.BytesIO()
    text = pyarrow.array(["a" * (60 << 20)])
    table = pyarrow.table({f"c{number}": text for number in range(200)})
    pyarrow.parquet.write_table(table, out, compression="zstd", use_dictionary=False, write_statistics=False)
    return out.getvalue()


def seven_zip(header, packed=b""):
    start = struct.pack("<QQI", len(packed), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start)) + start + packed + header


def seven_zip_of(packed, method, size):
    number = lambda value: b"\xff" + value.to_bytes(8, "little")
    streams = (b"\x06" + number(0) + number(1) + b"\x09" + number(len(packed)) + b"\0"
               + b"\x07\x0b\x01\0" + method + b"\x0c" + number(size) + b"\0\0")
    name = "zeros\0".encode("utf-16-le")
    files = b"\x05" + number(1) + b"\x11" + number(len(name) + 1) + b"\0" + name + b"\0"
    return seven_zip(b"\x01\x04" + streams + files + b"\0", packed)


@bomb("zeros.7z", "7z, 4 GiB of zeros")
def seven_zip_zeros():
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20, "mode": lzma.MODE_FAST, "mf": lzma.MF_HC3, "nice_len": 128}]
    packer = lzma.LZMACompressor(lzma.FORMAT_RAW, filters=filters)
    return seven_zip_of(repeated(packer, 4 << 10), b"\x01\x21\x21\x01\x10", 4 << 30)


@bomb("dictionary.7z", "7z that asks for a dictionary of 4 GiB")
def seven_zip_dictionary():
    return seven_zip_of(b"\0" * 100, b"\x01\x21\x21\x01\x28", 100)


@bomb("counts.7z", "7z, 2^56 folders, members and sizes")
def seven_zip_counts():
    many = b"\xff" + (1 << 56).to_bytes(8, "little")
    return seven_zip(b"\x01\x04\x06\0" + many + b"\x09" + b"\1" * 1_000_000)


@bomb("zeros.zip", "zip, one member of 4 GiB of zeros")
def zip_zeros():
    return zipped_zeros(4 << 10, zipfile.ZIP_DEFLATED)


@bomb("42.zip", "zip of 16 zips of 16 zips of 16 zips of 256 MiB of zeros")
def zip_nested():
    data = zipped([("zeros", b"\0" * (256 << 20))])
    for _ in range(3):
        data = zipped([(f"{number}.zip", data) for number in range(16)])
    return data


@bomb("deep.zip", "zip in zip, 1000 deep")
def zip_deep():
    data = b"end"
    for _ in range(1000):
        data = zipped([("a.zip", data)], zipfile.ZIP_STORED)
    return data


@bomb("overlap.zip", "zip, 5000 members of one stretch of bytes")
def zip_overlap():
    zeros = 100 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(b"\0" * zeros) + packer.flush()
    common = b"\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0" + struct.pack("<II", len(packed), zeros) + b"\x01\0\0\0"
    local = b"PK\x03\x04" + common + b"a" + packed
    entries = (b"PK\x01\x02\x14\0" + common + b"\0" * 10 + b"\0" * 4 + b"a") * 5000
    end = b"PK\x05\x06\0\0\0\0" + struct.pack("<HHIIH", 5000, 5000, len(entries), len(local), 0)
    return local + entries + end


@bomb("names.zip", "zip, 300000 empty members with `../` in their names")
def zip_names():
    return zipped([(f"../../../../etc/{number:06}", b"") for number in range(300_000)], zipfile.ZIP_STORED)


@bomb("names.tar", "tar, names of `../`, absolute, a link to itself, 2^60 bytes")
def tar_names():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in ("../" * 50 + "etc/passwd", "/etc/passwd", "a\0b", "c:\\windows"):
            info = tarfile.TarInfo(name)
            info.size = 3
            archive.addfile(info, io.BytesIO(b"abc"))
        link = tarfile.TarInfo("loop")
        link.type, link.linkname = tarfile.SYMTYPE, "loop"
        archive.addfile(link)
        large = tarfile.TarInfo("large")
        large.size = 1 << 60
        archive.fileobj.write(large.tobuf(tarfile.GNU_FORMAT))
    return out.getvalue()


@bomb("doubled.pkl", "pickle, lists of lists: 2^40 if built")
def pickle_doubled():
    data = bytearray(b"\x80\x02]q\0")
    for number in range(40):
        data += bytes([0x5d, 0x71, number + 1, 0x28, 0x68, number, 0x68, number, 0x65])
    return bytes(data + b".")


@bomb("tuples.pkl", "pickle, 4 million values, memo and tuples")
def pickle_tuples():
    return b"\x80\x04" + b"N\x94\x85" * (4 << 20) + b"."


@bomb("marks.pkl", "pickle, 8 million marks")
def pickle_marks():
    return b"\x80\x02" + b"(" * (8 << 20) + b"."


@bomb("keys.pkl", "pickle, dictionaries in dictionaries, 1 million deep")
def pickle_deep():
    return b"\x80\x02" + b"}X\x01\0\0\0a" * (1 << 20) + b"s" * (1 << 20) + b"."


@bomb("length.pkl", "pickle, a text of 2^40 bytes")
def pickle_length():
    return b"\x80\x04\x8d" + struct.pack("<Q", HUGE) + b"rest"


@bomb("length.safetensors", "safetensors, a header of 2^40 bytes")
def safetensors_length():
    return struct.pack("<Q", HUGE) + b'{"__metadata__":{"a":"' + b"b" * 1000


@bomb("deep.safetensors", "safetensors, 30 MB of `[` in the header")
def safetensors_deep():
    header = b'{"__metadata__":' + b"[" * (30 << 20)
    return struct.pack("<Q", len(header)) + header


@bomb("counts.gguf", "GGUF, 2^40 keys, and a list of 2^40")
def gguf_counts():
    return (b"GGUF" + struct.pack("<IQQ", 3, HUGE, HUGE) + struct.pack("<Q", 1) + b"a"
            + struct.pack("<IIQ", 9, 9, HUGE) + struct.pack("<IQ", 9, HUGE) * 100_000)


@bomb("shape.npy", "npy, a shape of 2^40 by 2^40")
def npy_shape():
    header = b"{'descr': '<U1000000', 'fortran_order': False, 'shape': (%d, %d), }" % (HUGE, HUGE)
    return b"\x93NUMPY\x02\0" + struct.pack("<I", len(header)) + header + b"a\0\0\0" * 1000


@bomb("length.tfevents", "TFRecord, a record of 2^40 bytes")
def tfrecord_length():
    return struct.pack("<QI", HUGE, 0) + b"\x0a\x10" * 1000


@bomb("deep.onnx", "protobuf, messages in messages, 100000 deep")
def protobuf_deep():
    data, pieces = 0, []
    for _ in range(100_000):
        length, varint = data, b""
        while True:
            varint += bytes([length & 0x7f | (0x80 if length > 0x7f else 0)])
            length >>= 7
            if not length:
                break
        pieces.append(b"\x3a" + varint)
        data += len(pieces[-1])
    return b"\x08\x07\x12\x07pytorch" + b"".join(reversed(pieces))


@bomb("cycle.sqlite", "SQLite, 2000 pages that name each other")
def sqlite_cycle():
    pages, size = 2000, 4096
    data = bytearray(pages * size)
    data[:28] = b"SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20" + b"\0" * 4
    data[28:32] = struct.pack(">I", pages)
    data[56:60] = struct.pack(">I", 1)
    for page in range(pages):
        start = page * size + (100 if page == 0 else 0)
        data[start] = 5
        data[start + 3:start + 5] = struct.pack(">H", 400)
        data[start + 8:start + 12] = struct.pack(">I", page % pages + 1)
        for cell in range(400):
            at = start + 12 + 2 * cell
            data[at:at + 2] = struct.pack(">H", 1000 + cell * 5)
            where = page * size + 1000 + cell * 5
            data[where:where + 4] = struct.pack(">I", (page * 7 + cell) % pages + 1)
    return bytes(data)


@bomb("overflow.sqlite", "SQLite, rows of 2^40 bytes over pages in a ring")
def sqlite_overflow():
    pages, size = 2000, 4096
    data = bytearray(pages * size)
    data[:20] = b"SQLite format 3\0\x10\0\x01\x01"
    data[20:24] = b"\0\x40\x20\x20"
    data[28:32] = struct.pack(">I", pages)
    data[56:60] = struct.pack(">I", 1)
    for page in range(pages):
        start = page * size + (100 if page == 0 else 0)
        data[start] = 13
        data[start + 3:start + 5] = struct.pack(">H", 300)
        for cell in range(300):
            struct.pack_into(">H", data, start + 8 + 2 * cell, 1000)
        # A payload of 2^40 bytes, row 1, a record with one text of the same length.
        cell = b"\xa0\x80\x80\x80\x80\x00\x01" + b"\x08\xc0\x80\x80\x80\x80\x80\x0d"
        data[page * size + 1000:page * size + 1000 + len(cell)] = cell
        data[page * size:page * size + 4] = data[page * size:page * size + 4] if page == 0 else struct.pack(">I", 1 + (page + 1) % pages)
    return bytes(data)


@bomb("zeros.pdf", "PDF, a stream of 4 GiB of zeros")
def pdf_zeros():
    stream = repeated(zlib.compressobj(9), 4 << 10)
    return b"%%PDF-1.7\n4 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n%%%%EOF\n" % (len(stream), stream)


@bomb("streams.pdf", "PDF, 200000 streams without an end")
def pdf_streams():
    return b"%PDF-1.7\n" + b"4 0 obj\n<< /Filter /FlateDecode /Length 9 >>\nstream\nx\x9c" * 200_000


@bomb("pages.pdf", "PDF, 500 streams of 16 MiB of text operators")
def pdf_pages():
    stream = zlib.compress(b"[(a)-20(b)] TJ\n" * (1 << 20), 9)
    one = b"4 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(stream), stream)
    return b"%PDF-1.7\n" + one * 500


@bomb("batches.arrow", "Arrow, numbers of 2^40 and a buffer of 2^62")
def arrow_counts():
    import pyarrow

    out = io.BytesIO()
    table = pyarrow.table({"text": ["a" * 5000] * 100})
    with pyarrow.ipc.new_file(out, table.schema, options=pyarrow.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    return out.getvalue().replace(struct.pack("<q", 100), struct.pack("<q", HUGE)).replace(
        struct.pack("<q", 500_000), struct.pack("<q", 1 << 62))


for text, what in [
    ("hf_", "`hf_`"), ("hf_hf_", "`hf_hf_`"), ("%", "`%`"), ("\\u", "`\\u`"), ("=", "`=`"), ("QUJD", "base64 letters"),
    ("aGZf", "`aGZf`"), ("hmX", "`hmX`"), ("oZl8", "`oZl8`"), ("68665f", "`68665f`"), ("%68%66%5f", "`%68%66%5f`"),
    ("hf_=\n", "`hf_=`, a line each"), ("\"hf_\" + ", "`\"hf_\" + `"), ("&#104;&#102;&#95;", "`&#104;&#102;&#95;`"),
    ("104, 102, 95, ", "`104, 102, 95, `"), ("h\0f\0_\0", "`hf_` in UTF-16"),
]:
    bomb(f"{text.encode().hex()}.txt", f"30 MB of {what} in one line" if "\n" not in text else f"30 MB of {what}")(
        lambda text=text: (text * (30_000_000 // len(text) + 1)).encode()[:30_000_000])
