"""Runs the files of `proceedings batch export work` with Ray Data against a server that speaks Chat Completions.

    proceedings batch export work
    python examples/batches/ray_data.py work http://localhost:8000/v1/chat/completions
    proceedings batch import work

Ray Data keeps the server busy and repeats what fails. With GPUs in the cluster itself, put a
`vLLMEngineProcessorConfig` in the place of `HttpRequestProcessorConfig`.
"""

import json
import sys
from pathlib import Path

import ray
from ray.data.llm import HttpRequestProcessorConfig, build_processor

folder, url = Path(sys.argv[1]), sys.argv[2]
lines = ray.data.read_text(sorted(str(path) for path in folder.glob("requests-*.jsonl")))
config = HttpRequestProcessorConfig(url=url, batch_size=16, concurrency=4)


def shape(row):
    """What a line asks for: `summary`, `notes` or `category`."""
    return json.loads(row["text"])["body"]["response_format"]["json_schema"]["name"]


def ask(row):
    """The body of a line is what is sent."""
    line = json.loads(row["text"])
    return {"custom_id": line["custom_id"], "payload": line["body"]}


def keep(row):
    """The reply goes under the id of its request."""
    reply = {"status_code": 200, "body": row["http_response"]}
    return {"line": json.dumps({"custom_id": row["custom_id"], "response": reply})}


# Rows of one data set have the same fields, and a field that a body lacks would be sent as null.
for name in lines.map(lambda row: {"shape": shape(row)}).unique("shape"):
    asked = lines.filter(lambda row, name=name: shape(row) == name)
    replies = build_processor(config, preprocess=ask, postprocess=keep)(asked)
    part = folder / f"replies-ray-{name}.part"
    with part.open("w", encoding="utf-8") as out:
        for row in replies.iter_rows():
            out.write(row["line"] + "\n")
    part.rename(part.with_suffix(".jsonl"))
