"""Runs the files of `proceedings batch export work` with Ray Data against a server that speaks Chat Completions.

    proceedings batch export work
    python examples/batches/ray_data.py work http://localhost:8000/v1/chat/completions
    proceedings batch import work

Ray Data keeps the server busy and repeats what fails. With GPUs in the cluster itself, put a
`vLLMEngineProcessorConfig` in the place of `HttpRequestProcessorConfig`.
"""

import sys
from pathlib import Path

import ray
from ray.data.llm import HttpRequestProcessorConfig, build_processor

folder, url = Path(sys.argv[1]), sys.argv[2]
files = sorted(str(path) for path in folder.glob("requests-*.jsonl"))
# The bodies differ in their fields, so a line stays text until it is sent.
lines = ray.data.read_text(files)


def ask(row):
    """The body of a line is what is sent."""
    import json

    line = json.loads(row["text"])
    return {"custom_id": line["custom_id"], "payload": line["body"]}


def keep(row):
    """The reply goes under the id of its request."""
    import json

    reply = {"status_code": 200, "body": row["http_response"]}
    return {"line": json.dumps({"custom_id": row["custom_id"], "response": reply})}


config = HttpRequestProcessorConfig(url=url, batch_size=16, concurrency=4)
replies = build_processor(config, preprocess=ask, postprocess=keep)(lines)
with open(folder / "replies-ray.jsonl.part", "w", encoding="utf-8") as out:
    for row in replies.iter_rows():
        out.write(row["line"] + "\n")
(folder / "replies-ray.jsonl.part").rename(folder / "replies-ray.jsonl")
