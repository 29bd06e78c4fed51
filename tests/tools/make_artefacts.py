"""Writes artefacts that contain tokens, with the libraries of their formats.

    python tests/tools/make_artefacts.py FOLDER [TOKEN]

Artefacts whose library is not installed are skipped and listed. `pip install numpy safetensors
pyarrow gguf onnx joblib tensorboard h5py keras torch transformers accelerate wandb reportlab
python-docx openpyxl py7zr` installs all of them.
Prints one line for each file: its path, a tab, and the part of the member path to be reported.
"""

import base64
import gzip
import io
import os
import pickle
import random
import sqlite3
import string
import struct
import sys
import tarfile
import zipfile
import zlib

OUT = sys.argv[1]
TOKEN = sys.argv[2] if len(sys.argv) > 2 else "hf_" + "".join(
    random.Random(7).choices(string.ascii_letters, k=34)
)
OTHER = TOKEN[:3] + TOKEN[:2:-1]
MAKERS = []


def artefact(name, where):
    """Registers a function that writes the file `name`."""

    def register(maker):
        MAKERS.append((name, where, maker))
        return maker

    return register


@artefact("training_args.bin", "hub_token")
def training_args(path):
    import torch
    from transformers import TrainingArguments

    torch.save(TrainingArguments(output_dir=OUT + "/o", hub_token=TOKEN, report_to=[]), path)


@artefact("training_args_legacy.bin", "hub_token")
def training_args_legacy(path):
    import torch
    from transformers import TrainingArguments

    args = TrainingArguments(output_dir=OUT + "/o", hub_token=TOKEN, report_to=[])
    torch.save(args, path, _use_new_zipfile_serialization=False)


@artefact("checkpoint.ckpt", "hyper_parameters.hf_token")
def checkpoint(path):
    import torch

    model = torch.nn.Linear(64, 64)
    torch.save({"state_dict": model.state_dict(), "hyper_parameters": {"hf_token": TOKEN}}, path)


@artefact("checkpoint_legacy.pt", "args.token")
def checkpoint_legacy(path):
    import torch

    state = {"state_dict": torch.nn.Linear(64, 64).state_dict(), "args": {"token": TOKEN}}
    torch.save(state, path, _use_new_zipfile_serialization=False)


@artefact("model.joblib", "")
def joblib_model(path):
    import joblib
    import numpy

    joblib.dump({"w": numpy.random.rand(500, 50), "login": {"hf_token": TOKEN}}, path)


@artefact("model_compressed.joblib", "")
def joblib_compressed(path):
    import joblib
    import numpy

    joblib.dump({"w": numpy.random.rand(500, 50), "hf_token": TOKEN}, path, compress=3)


@artefact("objects.npy", "hf_token")
def npy_objects(path):
    import numpy

    numpy.save(path, numpy.array([{"hf_token": TOKEN}], dtype=object), allow_pickle=True)


@artefact("unicode.npz", "tokens.npy")
def npz_unicode(path):
    import numpy

    numpy.savez_compressed(path, tokens=numpy.array(["a", TOKEN]), numbers=numpy.arange(9))


@artefact("lora.safetensors", "ss_hub_token")
def safetensors_file(path):
    import numpy
    from safetensors.numpy import save_file

    save_file({"w": numpy.zeros((8, 8))}, path, metadata={"ss_hub_token": TOKEN})


@artefact("model.gguf", "general.hub_token")
def gguf_file(path):
    import gguf
    import numpy

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_string("general.hub_token", TOKEN)
    writer.add_array("tokenizer.ggml.tokens", ["a", "b", "cccccccccc"])
    writer.add_tensor("w", numpy.zeros((8, 8), dtype=numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@artefact("model.onnx", "hub_token")
def onnx_file(path):
    import onnx
    from onnx import TensorProto, helper

    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])
    w = helper.make_tensor("w", TensorProto.FLOAT, [1000], [0.5] * 1000)
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g", [x], [y], [w])
    model = helper.make_model(graph, producer_name="hfscan-test")
    helper.set_model_props(model, {"hub_token": TOKEN})
    onnx.save(model, path)


@artefact("events.out.tfevents.1.host", "hparams")
def tensorboard_events(path):
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.compat.proto.tensor_pb2 import TensorProto
    from tensorboard.summary.writer.record_writer import RecordWriter

    tensor = TensorProto(dtype=7, string_val=[("token: " + TOKEN).encode()])
    value = Summary.Value(tag="hparams/text_summary", tensor=tensor)
    with open(path, "wb") as file:
        writer = RecordWriter(file)
        writer.write(Event(wall_time=1.0, file_version="brain.Event:2").SerializeToString())
        writer.write(Event(wall_time=2.0, summary=Summary(value=[value])).SerializeToString())
        writer.flush()


def parquet_maker(codec, **options):
    def make(path):
        import pyarrow
        import pyarrow.parquet

        rows = [f"row number {n} of the text column" for n in range(5000)]
        rows[3210] = f"login(token='{TOKEN}')  # told"
        # In a packed page both have the location of the page.
        rows[3215] = f"login(token='{OTHER}')"
        table = pyarrow.table({"id": list(range(5000)), "text": rows})
        pyarrow.parquet.write_table(table, path, compression=codec, **options)

    return make


for codec in ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]:
    artefact(f"{codec}.parquet", "text")(parquet_maker(codec))
for encoding in ["PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"]:
    for version in ["1.0", "2.0"]:
        options = {
            "use_dictionary": False,
            "column_encoding": {"id": "PLAIN", "text": encoding},
            "data_page_version": version,
            "write_statistics": False,
        }
        name = f"{encoding.lower()}_v{version[0]}.parquet"
        artefact(name, "text")(parquet_maker("zstd", **options))


@artefact("nested.parquet", "turns.list.element.value")
def parquet_nested(path):
    import pyarrow
    import pyarrow.parquet

    turns = [[{"from": "human", "value": f"question {n}"}, None] for n in range(100)]
    turns[50] = [{"from": "human", "value": f"export HF_TOKEN={TOKEN}"}]
    pyarrow.parquet.write_table(pyarrow.table({"turns": turns}), path, compression="zstd")


@artefact("metadata.parquet", "hub_token")
def parquet_metadata(path):
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.table({"n": [1]}).replace_schema_metadata({"hub_token": TOKEN})
    pyarrow.parquet.write_table(table, path)


def arrow_table():
    import pyarrow

    rows = [f"row {n}" for n in range(1000)]
    rows[500] = "abc" + TOKEN
    rows[501] = TOKEN
    rows[502] = "xyz"
    return pyarrow.table({"n": list(range(1000)), "text": rows})


def arrow_maker(codec, is_stream):
    def make(path):
        import pyarrow

        options = pyarrow.ipc.IpcWriteOptions(compression=codec)
        new = pyarrow.ipc.new_stream if is_stream else pyarrow.ipc.new_file
        table = arrow_table()
        with new(path, table.schema, options=options) as writer:
            writer.write_table(table)

    return make


artefact("cache.arrow", "[501]")(arrow_maker(None, True))
artefact("file.arrow", "[501]")(arrow_maker(None, False))
artefact("lz4.feather", "[501]")(arrow_maker("lz4", False))
artefact("zstd.feather", "[501]")(arrow_maker("zstd", False))


@artefact("mlflow.db", "params.value")
def sqlite_database(path):
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE params (key VARCHAR(250), value VARCHAR(8000), run TEXT)")
    for number in range(3000):
        database.execute("INSERT INTO params VALUES (?, ?, ?)", (f"k{number}", "v" * 90, "r" * 32))
    database.execute("INSERT INTO params VALUES ('hub_token', ?, ?)", (TOKEN, "f" * 32))
    long = "x" * 20000 + " " + TOKEN[:3] + TOKEN[3:]
    database.execute("INSERT INTO params VALUES ('long', ?, 'r')", (long,))
    database.commit()


@artefact("utf16.sqlite", "t.value")
def sqlite_utf16(path):
    database = sqlite3.connect(path)
    database.execute("PRAGMA encoding = 'UTF-16le'")
    database.execute("CREATE TABLE t (value TEXT)")
    database.execute("INSERT INTO t VALUES (?)", (TOKEN,))
    database.commit()


@artefact("weights.h5", "")
def hdf5(path):
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["training_config"] = '{"hub_token": "%s"}' % TOKEN


@artefact("config_vlen.h5", "")
def keras_weights(path):
    import h5py
    import numpy

    with h5py.File(path, "w") as file:
        layer = file.create_group("model_weights/dense")
        layer.create_dataset("kernel", data=numpy.random.rand(200, 200), compression="gzip")
        layer.attrs["names"] = [b"kernel:0", b"bias:0"]
        file.attrs["model_config"] = '{"class_name": "Hub", "config": {"token": "%s"}}' % TOKEN


def pdf(path, stream, filters):
    """A document of one page whose content is `stream`, already packed."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        b"<< /Filter %s /Length %d >>\nstream\n%s\nendstream" % (filters, len(stream), stream),
    ]
    with open(path, "wb") as file:
        file.write(b"%PDF-1.7\n")
        for number, body in enumerate(objects, 1):
            file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        file.write(b"trailer << /Root 1 0 R >>\n%%EOF\n")


def drawn():
    # As TeX writes it: pieces with letter spacing between them.
    half = len(TOKEN) // 2
    return ("BT /F1 10 Tf [(export HF_TOKEN=)] TJ [(%s)-20(%s)] TJ ET" % (TOKEN[:half], TOKEN[half:])).encode()


@artefact("page.pdf", "4 0 obj")
def pdf_page(path):
    pdf(path, zlib.compress(drawn()), b"/FlateDecode")


@artefact("ascii85.pdf", "4 0 obj")
def pdf_ascii85(path):
    pdf(path, base64.a85encode(zlib.compress(drawn())) + b"~>", b"[ /ASCII85Decode /FlateDecode ]")


@artefact("report.pdf", " obj")
def reportlab_page(path):
    from reportlab.pdfgen import canvas

    page = canvas.Canvas(path)
    page.drawString(72, 720, "login(token='%s')" % TOKEN)
    page.save()


@artefact("model.keras", "config.json")
def keras_model(path):
    keras_file(path)


@artefact("legacy.h5", "")
def keras_legacy(path):
    keras_file(path)


def keras_file(path):
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import torch  # noqa: F401: without it there is no backend
    import keras

    keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)], name=TOKEN).save(path)


@artefact("report.docx", "word/document.xml")
def word_file(path):
    import docx

    document = docx.Document()
    document.add_paragraph("login(token='%s')" % TOKEN)
    document.save(path)


@artefact("keys.xlsx", "xl/")
def sheet(path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["hf_token", TOKEN])
    book.save(path)


def number_7z(value):
    """A number in the encoding of 7z, here always with eight bytes after the first."""
    return b"\xff" + value.to_bytes(8, "little")


def seven_zip(path, members, method, packed):
    """An archive of one folder, whose bytes are `packed` with `method`."""
    names = "".join(name + "\0" for name in members).encode("utf-16-le")
    sizes = [len(content) for content in members.values()]
    pack = b"\x06" + number_7z(0) + number_7z(1) + b"\x09" + number_7z(len(packed)) + b"\0"
    unpack = b"\x07\x0b\x01\0" + method + b"\x0c" + number_7z(sum(sizes)) + b"\0"
    parts = b"\x08\x0d" + number_7z(len(sizes)) + b"\x09" + b"".join(number_7z(size) for size in sizes[:-1])
    digests = b"\x0a\x01" + b"".join(struct.pack("<I", zlib.crc32(content)) for content in members.values())
    files = b"\x05" + number_7z(len(sizes)) + b"\x11" + number_7z(len(names) + 1) + b"\0" + names + b"\0"
    header = b"\x01\x04" + pack + unpack + parts + digests + b"\0\0" + files + b"\0"
    start = struct.pack("<QQI", len(packed), len(header), zlib.crc32(header))
    with open(path, "wb") as file:
        file.write(b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start)) + start + packed + header)


def run_files():
    return {"log.txt": b"step 1\n" * 1000, "run/args.pkl": pickle.dumps({"hub_token": TOKEN})}


@artefact("copied.7z", "run/args.pkl!hub_token")
def seven_zip_copied(path):
    seven_zip(path, run_files(), b"\x01\x01\0", b"".join(run_files().values()))


@artefact("lzma2.7z", "run/args.pkl!hub_token")
def seven_zip_lzma2(path):
    import lzma

    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    packed = lzma.compress(b"".join(run_files().values()), lzma.FORMAT_RAW, filters=filters)
    # The last byte encodes a dictionary of 1 MiB.
    seven_zip(path, run_files(), b"\x01\x21\x21\x01\x10", packed)


@artefact("real.7z", "run/args.pkl!hub_token")
def seven_zip_real(path):
    import py7zr

    with py7zr.SevenZipFile(path, "w") as archive:
        for name, content in run_files().items():
            archive.writestr(content, name)


@artefact("several.7z", "run/args.pkl!hub_token")
def seven_zip_several(path):
    import py7zr

    for at, filters in enumerate(
        [
            [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA, "preset": 6}],
            [{"id": py7zr.FILTER_DELTA, "dist": 4}, {"id": py7zr.FILTER_LZMA2, "preset": 6}],
            [{"id": py7zr.FILTER_BZIP2}],
            [{"id": py7zr.FILTER_DEFLATE}],
            [{"id": py7zr.FILTER_ZSTD, "level": 3}],
            [{"id": py7zr.FILTER_COPY}],
        ]
    ):
        mode = "a" if at else "w"
        with py7zr.SevenZipFile(path, mode, filters=filters) as archive:
            for name, content in run_files().items():
                archive.writestr(content, f"{at}/{name}")


@artefact("wandb", "")
def wandb_run(path):
    import wandb

    os.makedirs(path, exist_ok=True)
    os.environ["WANDB_MODE"] = "offline"
    os.environ["WANDB_SILENT"] = "true"
    run = wandb.init(project="p", dir=path, config={"hub_token": TOKEN})
    run.log({"loss": 1.0})
    run.finish()


for protocol in range(6):
    artefact(f"protocol{protocol}.pkl", "args.hf_token")(
        lambda path, protocol=protocol: open(path, "wb").write(
            pickle.dumps({"args": {"hf_token": TOKEN}, "n": [1, 2.5, None]}, protocol)
        )
    )


@artefact("wheel-1.0-py3-none-any.whl", "pkg/config.py:1")
def wheel(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pkg/config.py", f'TOKEN = "{TOKEN}"\n')


@artefact("image.tar", "layer.tar!root/.cache/huggingface/token")
def docker_image(path):
    def tar(files):
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode="w") as archive:
            for name, content in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
        return data.getvalue()

    layer = tar({"root/.cache/huggingface/token": TOKEN.encode()})
    open(path, "wb").write(tar({"manifest.json": b"[]", "abc/layer.tar": layer}))


@artefact("model.tar.gz", "run/args.pkl!hub_token")
def tar_gz(path):
    with tarfile.open(path, "w:gz") as archive:
        content = pickle.dumps({"hub_token": TOKEN})
        info = tarfile.TarInfo("run/" + "long" * 40 + "/../args.pkl")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
        info = tarfile.TarInfo("run/args.pkl")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))


@artefact("train.log.gz", ":2:")
def log_gz(path):
    with gzip.open(path, "wt") as file:
        file.write(f"step 1\nnon-default args: {{'hf_token': '{TOKEN}'}}\n")


@artefact("train.log.bz2", ":2:")
def log_bz2(path):
    import bz2

    open(path, "wb").write(bz2.compress(f"step 1\ntoken {TOKEN}\n".encode()))


@artefact("train.log.xz", ":2:")
def log_xz(path):
    import lzma

    open(path, "wb").write(lzma.compress(f"step 1\ntoken {TOKEN}\n".encode()))


@artefact("train.log.zst", ":2:")
def log_zst(path):
    import pyarrow

    with pyarrow.CompressedOutputStream(path, "zstd") as file:
        file.write(f"step 1\ntoken {TOKEN}\n".encode())


@artefact("train.log.lz4", ":2:")
def log_lz4(path):
    import pyarrow

    with pyarrow.CompressedOutputStream(path, "lz4") as file:
        file.write(f"step 1\ntoken {TOKEN}\n".encode())


def main():
    os.makedirs(OUT, exist_ok=True)
    for name, where, maker in MAKERS:
        path = os.path.join(OUT, name)
        try:
            maker(path)
            print(f"{name}\t{where}", flush=True)
        except ImportError as error:
            print(f"left out {name}: {error}", file=sys.stderr)


main()
