#!/usr/bin/env python3
"""Whether the links after the sentences lead to the right second, and what the quotes cost.

The talks of a file of transcripts (`data/talks` of the shared folder: `../shared`, or what
PROCEEDINGS_SHARED names) become a conference with caption files of ten words in four seconds. A
stand-in on this machine writes each sentence from a passage that it remembers, and quotes the passage
in one of three ways: word for word, with recognition errors put right, or falsely, from words of
elsewhere in the talk. The script then reads from `page.json` how many links lead to the passage, to
within one cue, and prints what the builds with and without evidence took, from what the stand-in
counts (a token is four letters).

    cargo build --release
    python3 benches/evidence.py [--talks 45]
"""

import argparse
import hashlib
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get('PROCEEDINGS_SHARED', PROJECT / '../shared'))
PROGRAM = os.path.abspath(os.environ.get('PROCEEDINGS', PROJECT / 'target/release/proceedings'))
CUE_WORDS, CUE_SECONDS = 10, 4
QUOTE_WORDS = 14
PRICE = (0.20, 1.25)  # US dollars a million tokens in and out


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--talks', type=int, default=45, help='how many talks')
    options = parser.parse_args()
    file = SHARED / 'data/talks/videos/bitcointranscripts.jsonl'
    for needed in (Path(PROGRAM), file):
        if not needed.exists():
            sys.exit(f'nothing is measured: there is no {needed}')
    talks = [json.loads(line) for line in file.open(encoding='utf-8')][:options.talks]
    print(f'{len(talks)} talks, two sentences each\n')
    print('quotes      by quote       by words       no link   in its place')
    plain = None
    for way in ('none', 'word for word', 'put right', 'false'):
        stand_in = StandIn(way)
        with tempfile.TemporaryDirectory() as folder:
            page = build(Path(folder), talks, stand_in)
        if way == 'none':
            plain = stand_in
            continue
        say(way, page, stand_in)
    print()
    for stand_in in (plain, stand_in):
        name = 'without evidence' if stand_in is plain else 'with evidence'
        ratio = stand_in.dollars() / plain.dollars()
        print(f'{name:17} {stand_in.requests} requests, {stand_in.read:,} tokens in, '
              f'{stand_in.written:,} out, ${stand_in.dollars():.4f} ({ratio:.3f})')


def build(folder, talks, stand_in):
    """The page of the talks as data, after a build against the stand-in."""
    captions = folder / 'captions'
    captions.mkdir()
    entries = []
    for talk in talks:
        words = talk['captions'][0]['text'].split()
        (captions / f'{talk["id"]}.srt').write_text(subtitles(words), encoding='utf-8')
        title = json.dumps(talk['title'], ensure_ascii=False)
        entries.append(f'  {{ id = "{talk["id"]}", title = {title} }},')
    evidence = 'false' if stand_in.way == 'none' else 'true'
    (folder / 'catalog.toml').write_text('\n'.join([
        'title = "Evidence"', 'formats = ["json"]', f'evidence = {evidence}', 'talks = [', *entries, ']',
        '[llm]', f'base_url = "{stand_in.address}/v1"', 'model = "stand-in"',
        f'price = {{ input = {PRICE[0]}, output = {PRICE[1]} }}',
    ]), encoding='utf-8')
    ran = subprocess.run([PROGRAM, 'build'], cwd=folder, capture_output=True, text=True, check=False)
    stand_in.stop()
    if ran.returncode:
        sys.exit(ran.stderr)
    return json.loads((folder / 'page/page.json').read_text(encoding='utf-8'))


def subtitles(words):
    blocks = []
    for at in range(0, len(words), CUE_WORDS):
        start = at // CUE_WORDS * CUE_SECONDS
        text = ' '.join(words[at:at + CUE_WORDS])
        blocks.append(f'{len(blocks) + 1}\n{clock(start)} --> {clock(start + CUE_SECONDS)}\n{text}\n')
    return '\n'.join(blocks)


def clock(seconds):
    return f'{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},000'


def say(way, page, stand_in):
    found = {'quote': 0, 'words': 0, None: 0}
    right = {'quote': 0, 'words': 0}
    for talk in page['talks']:
        for sentence in talk['summary']['sentences']:
            evidence = sentence['evidence']
            found_by = evidence and evidence['found_by']
            found[found_by] += 1
            if evidence:
                first, last = stand_in.passages[sentence['text']]
                is_right = (evidence['start'] <= last + CUE_SECONDS
                            and evidence['end'] >= first - CUE_SECONDS)
                right[found_by] += is_right
    links = found['quote'] + found['words']
    share = sum(right.values()) / links if links else 0
    print(f'{way:14} {found["quote"]:5} {found["words"]:14} {found[None]:13} {share:13.1%}')


class StandIn:
    """An endpoint that writes a sentence from a passage, and quotes it as `way` says."""

    def __init__(self, way):
        self.way = way
        self.requests = self.read = self.written = 0
        self.passages = {}
        self.lock = threading.Lock()
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                request = json.loads(self.rfile.read(int(self.headers['content-length'])))
                reply = json.dumps(stand_in.answer(request)).encode()
                self.send_response(200)
                self.send_header('content-type', 'application/json')
                self.send_header('content-length', str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def do_GET(self):
                self.send_response(404)
                self.send_header('content-length', '0')
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.address = f'http://127.0.0.1:{self.server.server_port}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def dollars(self):
        return (self.read * PRICE[0] + self.written * PRICE[1]) / 1e6

    def answer(self, request):
        asked = '\n'.join(message['content'] for message in request['messages'])
        user = next(m['content'] for m in request['messages'] if m['role'] == 'user')
        spoken = re.search(r'<transcript>\n(.*?)\n</transcript>', user, re.S)
        words = spoken[1].split()
        seed = int(hashlib.sha256(user.encode()).hexdigest(), 16)
        reply = {}
        for name, half in (('first', 0), ('second', 1)):
            room = len(words) // 2 - 3 * QUOTE_WORDS
            at = half * (len(words) // 2) + (seed >> (half * 32)) % room
            passage = words[at:at + QUOTE_WORDS]
            sentence = write_sentence(passage, name)
            with self.lock:
                self.passages[sentence] = (at / CUE_WORDS * CUE_SECONDS,
                                           (at + QUOTE_WORDS) / CUE_WORDS * CUE_SECONDS)
            reply[f'{name}_sentence'] = sentence
            if self.way != 'none':
                reply[f'{name}_quote'] = self.quote(words, at, seed)
        text = json.dumps(reply, ensure_ascii=False)
        usage = {'prompt_tokens': len(asked) // 4, 'completion_tokens': len(text) // 4}
        with self.lock:
            self.requests += 1
            self.read += usage['prompt_tokens']
            self.written += usage['completion_tokens']
        return {'model': 'stand-in', 'usage': usage, 'choices': [
            {'finish_reason': 'stop', 'message': {'role': 'assistant', 'content': text}}]}

    def quote(self, words, at, seed):
        passage = words[at:at + QUOTE_WORDS]
        if self.way == 'word for word':
            return ' '.join(passage)
        if self.way == 'put right':
            # Signs and case as a reader writes them, and every seventh word spelled another way.
            spelled = [word + 'e' if place % 7 == 3 else word for place, word in enumerate(passage)]
            return ' '.join(spelled).capitalize().rstrip('.,') + '.'
        # Every word is said in the talk, and nobody says them in this order.
        step = len(words) // QUOTE_WORDS
        return ' '.join(words[(at + place * step * 5 + seed % 97) % len(words)]
                        for place in range(QUOTE_WORDS))


def write_sentence(passage, name):
    telling = [re.sub(r'[^\w-]', '', word) for word in passage]
    telling = [word.lower() for word in telling if len(word) > 3][:7]
    begin = 'Work on' if name == 'first' else 'Care for'
    return f'{begin} {" and ".join(filter(None, [" ".join(telling), "the systems around it"]))} matters to the people who run them every day.'


if __name__ == '__main__':
    main()
