"""Scans a folder of many files with Ray: ray_scan_files.py FOLDER FINDINGS.jsonl [WORKERS]

Each line is the report on one shard of files; `hfscan report FINDINGS.jsonl --format sarif` merges
them into one report, in any format.
"""

import json
import os
import sys

import hfscan
import ray

#: Number of files per task, so large that the start of the program is negligible.
PER_TASK = 1000


@ray.remote(max_retries=3)
def scan(folder, files):
    """The report on a shard as a line of JSON, and `True` if it is complete."""
    os.chdir(folder)
    report = hfscan.scan_path(*files, args=["--no-baseline"], check=False)
    return json.dumps(report, ensure_ascii=False), report.complete


def shards(folder):
    """The files of a folder in shards, in a deterministic order."""
    shard = []
    for root, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            shard.append(os.path.relpath(os.path.join(root, name), folder))
            if len(shard) == PER_TASK:
                yield shard
                shard = []
    if shard:
        yield shard


def scan_folder(folder, target, workers=None):
    """Scans a folder and writes the findings to `target`. Returns `True` if the scan is complete."""
    limit = 4 * (workers or int(ray.cluster_resources().get("CPU", 1)))
    results, running, order = {}, {}, 0
    for shard in shards(os.path.abspath(folder)):
        running[scan.remote(os.path.abspath(folder), shard)] = order
        order += 1
        if len(running) >= limit:
            (done,), _ = ray.wait(list(running), num_returns=1)
            results[running.pop(done)] = ray.get(done)
    for task, number in running.items():
        results[number] = ray.get(task)
    with open(target + ".part", "w", encoding="utf-8") as out:
        for number in range(order):
            out.write(results[number][0] + "\n")
    os.replace(target + ".part", target)
    return all(complete for _, complete in results.values())


if __name__ == "__main__":
    workers = int(sys.argv[3]) if len(sys.argv) > 3 else None
    ray.init(num_cpus=workers)
    sys.exit(0 if scan_folder(sys.argv[1], sys.argv[2], workers) else 2)
