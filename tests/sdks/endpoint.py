"""An endpoint on loopback that speaks one wire with the types of the provider's own SDK.

usage: endpoint.py WIRE FAULTS

Each request is held to the SDK's types; what does not fit, or is not known to them, becomes a line
of the file FAULTS. Each answer is made of the SDK's types and written by them, now in one form and
now in another. The port is printed. WIRE is one of openai, anthropic, gemini, mistral, ollama.
"""

import http.server
import itertools
import json
import sys

SENTENCES = [
    "Archives of conference talks are cached by a hash of all their inputs.",
    "Measurements over two weeks show that nothing is lost when the power fails.",
]


def answer(request):
    if "none_fits" in json.dumps(request):
        return {"category": "Performance", "none_fits": False}
    return {"first_sentence": SENTENCES[0], "second_sentence": SENTENCES[1]}


def plain(value):
    """A validated value with what is read lazily read; that may raise."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (str, int, float, type(None))):
        return value
    return [plain(item) for item in value]


def unknown(sent, known, path=""):
    """The fields that were sent and that the types do not know."""
    if isinstance(sent, dict) and isinstance(known, dict):
        for key, value in sent.items():
            if key not in known:
                yield f"{path}{key} is unknown"
            else:
                yield from unknown(value, known[key], f"{path}{key}.")
    elif isinstance(sent, list) and isinstance(known, list):
        for one, other in zip(sent, known):
            yield from unknown(one, other, path)


def held_to(kind):
    """Holds bodies to a TypedDict."""
    import pydantic

    adapter = pydantic.TypeAdapter(kind)
    return lambda body, path: unknown(body, plain(adapter.validate_python(body)))


def held_to_model(model):
    """Holds bodies to a pydantic model."""

    def check(body, path):
        read = model.model_validate(body)
        known = json.loads(read.model_dump_json(by_alias=True, exclude_unset=True))
        return unknown(body, known)

    return check


def events(lines):
    """A stream of events, as a gateway writes it that nobody asked for one."""
    return "".join(f"data: {line}\n\n" for line in lines)


def openai():
    from openai.types.chat import ChatCompletion, ChatCompletionChunk
    from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming

    usage = {"prompt_tokens": 800, "completion_tokens": 60, "total_tokens": 860}
    head = {"id": "c", "created": 1, "model": "m"}

    def completion(message, finish):
        message = {"role": "assistant", "refusal": None, **message}
        choice = {"index": 0, "finish_reason": finish, "logprobs": None, "message": message}
        body = {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
        return ChatCompletion.model_validate(body).model_dump_json()

    def words(said):
        return completion({"content": json.dumps(said)}, "stop")

    def tool(said):
        function = {"name": "reply", "arguments": json.dumps(said)}
        call = {"id": "t", "type": "function", "function": function}
        return completion({"content": None, "tool_calls": [call]}, "tool_calls")

    def stream(said):
        text = json.dumps(said)
        pieces = [({"role": "assistant", "content": text[:20]}, None), ({"content": text[20:]}, None), ({}, "stop")]
        lines = []
        for delta, finish in pieces:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            chunk = {**head, "object": "chat.completion.chunk", "choices": [choice]}
            lines.append(ChatCompletionChunk.model_validate(chunk).model_dump_json())
        last = {**head, "object": "chat.completion.chunk", "choices": [], "usage": usage}
        lines.append(ChatCompletionChunk.model_validate(last).model_dump_json())
        return events(lines + ["[DONE]"])

    return held_to(CompletionCreateParamsNonStreaming), [words, tool, stream]


def anthropic():
    import pydantic
    from anthropic.types import Message, RawMessageStreamEvent
    from anthropic.types.message_create_params import MessageCreateParamsNonStreaming

    usage = {"input_tokens": 700, "output_tokens": 60, "cache_read_input_tokens": 100}
    event = pydantic.TypeAdapter(RawMessageStreamEvent)

    def message(blocks, stop):
        body = {
            "id": "m", "type": "message", "role": "assistant", "model": "m",
            "content": blocks, "stop_reason": stop, "stop_sequence": None, "usage": usage,
        }
        return Message.model_validate(body)

    def words(said):
        thought = {"type": "thinking", "thinking": "{hm}", "signature": "s"}
        text = {"type": "text", "text": json.dumps(said), "citations": None}
        return message([thought, text], "end_turn").model_dump_json()

    def tool(said):
        block = {"type": "tool_use", "id": "t", "name": "reply", "input": said}
        return message([block], "tool_use").model_dump_json()

    def stream(said):
        text = json.dumps(said)
        delta = lambda piece: {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
        steps = [
            {"type": "message_start", "message": message([], None).model_dump()},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            delta(text[:20]),
            delta(text[20:]),
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 60}},
            {"type": "message_stop"},
        ]
        written = [event.validate_python(step).model_dump_json() for step in steps]
        return "".join(f"event: {step['type']}\ndata: {line}\n\n" for step, line in zip(steps, written))

    return held_to(MessageCreateParamsNonStreaming), [words, tool, stream]


def gemini():
    from google.genai import types

    usage = {"promptTokenCount": 800, "candidatesTokenCount": 50, "thoughtsTokenCount": 10, "totalTokenCount": 860}

    def check(body, path):
        content = held_to_model(types.Content)
        yield from held_to_model(types.GenerationConfig)(body["generationConfig"], path)
        for turn in body["contents"]:
            yield from content(turn, path)
        if "systemInstruction" in body:
            yield from content({"role": "user", **body["systemInstruction"]}, path)
        known = {"contents", "generationConfig", "systemInstruction"}
        yield from (f"{key} is unknown" for key in body.keys() - known)

    def response(parts, finish="STOP"):
        candidate = {"content": {"role": "model", "parts": parts}, "finishReason": finish, "index": 0}
        body = {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "m"}
        return types.GenerateContentResponse.model_validate(body).model_dump_json(by_alias=True)

    def words(said):
        return response([{"text": "{hm}", "thought": True}, {"text": json.dumps(said)}])

    def call(said):
        return response([{"functionCall": {"name": "reply", "args": said}}])

    def stream(said):
        text = json.dumps(said)
        return "[" + ",\n".join([response([{"text": text[:20]}], None), response([{"text": text[20:]}])]) + "]"

    return check, [words, call, stream]


def mistral():
    try:
        from mistralai.client import models
    except ImportError:
        from mistralai import models

    usage = {"prompt_tokens": 800, "completion_tokens": 60, "total_tokens": 860}

    def completion(message, finish):
        choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", **message}}
        body = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
        return models.ChatCompletionResponse.model_validate(body).model_dump_json(by_alias=True)

    def words(said):
        return completion({"content": json.dumps(said)}, "stop")

    def parts(said):
        thought = {"type": "thinking", "thinking": [{"type": "text", "text": "{hm}"}]}
        return completion({"content": [thought, {"type": "text", "text": json.dumps(said)}]}, "stop")

    def tool(said):
        function = {"name": "reply", "arguments": json.dumps(said)}
        return completion({"content": "", "tool_calls": [{"id": "t", "function": function}]}, "tool_calls")

    return held_to_model(models.ChatCompletionRequest), [words, parts, tool]


def ollama():
    from ollama._types import ChatRequest, ChatResponse

    counts = {"prompt_eval_count": 800, "eval_count": 60}

    def line(message, done):
        body = {"model": "m", "created_at": "2026-01-01T00:00:00Z", "message": {"role": "assistant", **message}, "done": done}
        body |= {"done_reason": "stop", **counts} if done else {}
        return ChatResponse.model_validate(body).model_dump_json()

    def words(said):
        return line({"content": json.dumps(said), "thinking": "{hm}"}, True)

    def call(said):
        return line({"content": "", "tool_calls": [{"function": {"name": "reply", "arguments": said}}]}, True)

    def stream(said):
        text = json.dumps(said)
        lines = [line({"content": text[:20]}, False), line({"content": text[20:]}, False), line({"content": ""}, True)]
        return "\n".join(lines) + "\n"

    return held_to_model(ChatRequest), [words, call, stream]


def main(wire, faults):
    check, forms = {"openai": openai, "anthropic": anthropic, "gemini": gemini, "mistral": mistral, "ollama": ollama}[wire]()
    forms = itertools.cycle(forms)

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            self.reply(404, '{"error": {"message": "no such path"}}')

        def do_POST(self):
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if self.path.endswith("/api/show"):
                return self.reply(200, '{"model_info": {"llama.context_length": 32768}}')
            try:
                found = list(check(request, self.path))
            except Exception as error:
                found = [" ".join(str(error).split())]
            with open(faults, "a", encoding="utf-8") as file:
                file.writelines(f"{fault}\n" for fault in found)
            self.reply(200, next(forms)(answer(request)))

        def reply(self, status, body):
            body = body.encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
