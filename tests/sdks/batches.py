"""An endpoint on loopback with the batches of one wire, held to the types of the provider's own SDK.

usage: batches.py WIRE FAULTS

Orders, and the request in each line, are held to the SDK's types; what does not fit, or is not known to
them, becomes a line of the file FAULTS. What is told of batches is made of the SDK's types, or read by the
SDK itself where it has none. A batch has ended as soon as it is made; its last request has failed. The port
is printed. WIRE is one of openai, anthropic, gemini.
"""

import datetime
import email
import http.server
import itertools
import json
import sys

import endpoint

NOW = datetime.datetime.now(datetime.timezone.utc)


class Wire:
    """What is held of batches: the lines of each, by its number."""

    def __init__(self, name):
        self.check, forms = getattr(endpoint, name)()
        self.forms = itertools.cycle(form for form in forms if form.__name__ != "stream")
        self.batches, self.faults = [], []

    def reply(self, request):
        """The JSON of a reply to a request, in one form and then in another."""
        return json.loads(next(self.forms)(endpoint.answer(request)))

    def hold(self, check, *sent):
        try:
            self.faults += check(*sent)
        except Exception as error:
            self.faults.append(" ".join(str(error).split()))

    def make(self, lines, body):
        """Notes a batch; each line is held to what a request that is sent alone is held to."""
        for line in lines:
            self.hold(self.check, line[body], "")
        self.batches.append(lines)
        return len(self.batches) - 1


class OpenAi(Wire):
    def __init__(self):
        super().__init__("openai")
        self.files = []

    def told(self, number):
        from openai.types import Batch

        counts = {"total": len(self.batches[number]), "completed": len(self.batches[number]) - 1, "failed": 1}
        body = {
            "id": f"batch_{number}", "object": "batch", "endpoint": "/v1/chat/completions", "status": "completed",
            "completion_window": "24h", "created_at": int(NOW.timestamp()), "input_file_id": f"file-{number}",
            "output_file_id": f"output-{number}", "error_file_id": f"errors-{number}", "request_counts": counts,
        }
        return Batch.model_validate(body).model_dump_json()

    def post(self, path, headers, body):
        from openai.types import FileObject
        from openai.types.batch_create_params import BatchCreateParams

        if path == "/v1/files":
            form = email.message_from_bytes(f"content-type: {headers['content-type']}\n\n".encode() + body)
            parts = {part.get_param("name", header="content-disposition"): part for part in form.get_payload()}
            assert parts["purpose"].get_payload() == "batch"
            file = parts["file"].get_payload(decode=True)
            self.files.append([json.loads(line) for line in file.splitlines()])
            told = {
                "id": f"file-{len(self.files) - 1}", "object": "file", "bytes": len(file), "filename": "f",
                "created_at": int(NOW.timestamp()), "purpose": "batch", "status": "processed",
            }
            return FileObject.model_validate(told).model_dump_json()
        order = json.loads(body)
        self.hold(endpoint.held_to(BatchCreateParams), order, "")
        number = int(order["input_file_id"].rpartition("-")[2])
        assert all(line["url"] == order["endpoint"] for line in self.files[number])
        return self.told(self.make(self.files[number], "body"))

    def get(self, path):
        what = path.split("/")[-1 if "batches" in path else -2]
        kind, number = what.replace("_", "-").split("-")
        if kind == "batch":
            return self.told(int(number))
        *answered, failed = self.batches[int(number)]
        if kind == "errors":
            response = {"status_code": 400, "request_id": "r", "body": {"error": {"message": "no"}}}
            return json.dumps({"id": "b", "custom_id": failed["custom_id"], "response": response, "error": None})
        responses = [(line["custom_id"], {"status_code": 200, "request_id": "r", "body": self.reply(line["body"])}) for line in answered]
        lines = [{"id": "b", "custom_id": key, "response": response, "error": None} for key, response in responses]
        return "\n".join(map(json.dumps, lines))


class Anthropic(Wire):
    def __init__(self):
        super().__init__("anthropic")

    def told(self, number):
        from anthropic.types.messages import MessageBatch

        counts = {"processing": 0, "succeeded": len(self.batches[number]) - 1, "errored": 1, "canceled": 0, "expired": 0}
        body = {
            "id": f"msgbatch_{number}", "type": "message_batch", "processing_status": "ended", "request_counts": counts,
            "created_at": NOW, "expires_at": NOW, "ended_at": NOW, "archived_at": None, "cancel_initiated_at": None,
            "results_url": f"https://api.anthropic.com/v1/messages/batches/msgbatch_{number}/results",
        }
        return MessageBatch.model_validate(body).model_dump_json()

    def post(self, path, headers, body):
        from anthropic.types.messages.batch_create_params import BatchCreateParams

        order = json.loads(body)
        self.hold(endpoint.held_to(BatchCreateParams), order, "")
        return self.told(self.make(order["requests"], "params"))

    def get(self, path):
        from anthropic.types.messages import MessageBatchIndividualResponse

        def line(key, result):
            return MessageBatchIndividualResponse.model_validate({"custom_id": key, "result": result}).model_dump_json()

        if path.endswith("/batches"):
            told = [json.loads(self.told(number)) for number in reversed(range(len(self.batches)))]
            return json.dumps({"data": told, "has_more": False, "first_id": None, "last_id": None})
        number = int(path.split("_")[1].split("/")[0])
        if not path.endswith("/results"):
            return self.told(number)
        *answered, failed = self.batches[number]
        error = {"type": "invalid_request_error", "message": "no"}
        results = [(line["custom_id"], {"type": "succeeded", "message": self.reply(line["params"])}) for line in answered]
        results += [(failed["custom_id"], {"type": "errored", "error": {"type": "error", "error": error}})]
        return "\n".join(itertools.starmap(line, results))


class Gemini(Wire):
    def __init__(self):
        super().__init__("gemini")
        self.uploaded = []

    def told(self, number):
        from google.genai import batches, types

        told = {
            "name": f"batches/{number}", "done": True,
            "metadata": {
                "displayName": "d", "model": "models/m", "state": "BATCH_STATE_SUCCEEDED", "endTime": NOW.isoformat(),
                "batchStats": {"requestCount": str(len(self.batches[number]))}, "output": {"responsesFile": f"files/{number}"},
            },
        }
        read = types.BatchJob.model_validate(batches._BatchJob_from_mldev(json.loads(json.dumps(told))))
        assert read.done and read.dest.file_name == f"files/{number}"
        return json.dumps(told)

    def post(self, path, headers, body):
        from google import genai
        from google.genai import batches, types

        if path.startswith("/upload/"):
            if headers["x-goog-upload-command"] == "start":
                types.File.model_validate(json.loads(body)["file"])
                return "{}"
            assert headers["x-goog-upload-command"] == "upload, finalize" and int(headers["content-length"]) == len(body)
            self.uploaded.append([json.loads(line) for line in body.splitlines()])
            file = {"name": f"files/{len(self.uploaded) - 1}", "state": "ACTIVE"}
            return json.dumps({"file": json.loads(types.File.model_validate(file).model_dump_json(by_alias=True, exclude_unset=True))})
        order = json.loads(body)
        name = order["batch"]["inputConfig"]["fileName"]
        config = {"display_name": order["batch"]["displayName"]}
        client = genai.Client(api_key="none")._api_client
        wanted = types._CreateBatchJobParameters(model="m", src=name, config=config)
        written = batches._CreateBatchJobParameters_to_mldev(client, wanted)
        written = {key: value for key, value in written.items() if not key.startswith("_")}
        if written != order:
            self.faults.append(f"the SDK orders with {written}, and this was {order}")
        return self.told(self.make(self.uploaded[int(name.split("/")[1])], "request"))

    def get(self, path):
        number = int(path.split("/")[-1].split(":")[0])
        if ":download" not in path:
            return self.told(number)
        *answered, failed = self.batches[number]
        lines = [{"key": line["key"], "response": self.reply(line["request"])} for line in answered]
        lines += [{"key": failed["key"], "error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}]
        return "\n".join(map(json.dumps, lines))


def main(name, faults):
    wire = {"openai": OpenAi, "anthropic": Anthropic, "gemini": Gemini}[name]()

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def body(self):
            """The body, whole or in chunks."""
            if "content-length" in self.headers:
                return self.rfile.read(int(self.headers["content-length"]))
            chunks = []
            while size := int(self.rfile.readline(), 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)

        def do_GET(self):
            path = self.path.split("?")[0]
            if not any(word in path for word in ("batches", "files")):
                return self.reply(404, '{"error": {"message": "no such path"}}')
            self.carry_out(lambda: wire.get(path))

        def do_POST(self):
            body, path = self.body(), self.path.split("?")[0]
            if "atch" in path or "files" in path:
                self.carry_out(lambda: wire.post(path, self.headers, body))
            else:
                request = json.loads(body)
                wire.hold(wire.check, request, path)
                self.reply(200, json.dumps(wire.reply(request)))

        def carry_out(self, work):
            try:
                status, said = 200, work()
            except Exception as error:
                wire.faults.append(f"{type(error).__name__}: {' '.join(str(error).split())}")
                status, said = 400, '{"error": {"message": "the stand-in has failed"}}'
            self.reply(status, said)

        def reply(self, status, body):
            with open(faults, "w", encoding="utf-8") as file:
                file.writelines(f"{fault}\n" for fault in wire.faults)
            body = body.encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            if self.path.startswith("/upload/"):
                self.send_header("X-Goog-Upload-URL", f"https://h{self.path}?upload_id=1")
            self.end_headers()
            self.wfile.write(body)

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
