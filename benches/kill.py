#!/usr/bin/env python3
"""What is lost when a build is killed: `kill -9` at random moments, a hundred times, then a clean build.

The conference is made up, and its captions are the organizer's own files, so nobody asks YouTube.
The endpoint is the stand-in of the shared folder (`../shared`, or what PROCEEDINGS_SHARED names)
where there is one and node to run it, else a small one of this script's. Whenever a build is through
before it is killed, the conference grows. After each kill and at the end

    no more requests are answered in vain than were under way when a build was killed,
    every file of the cache is whole, and belongs where it stands,
    nothing is asked for twice, and in the end nothing that was being written is left,

or the script says what is wrong and exits 1.

    cargo build --release
    python3 benches/kill.py [--kills N] [--concurrency N] [--latency SECONDS] [--seed N]
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get('PROCEEDINGS_SHARED', PROJECT / '../shared'))
PROGRAM = os.environ.get('PROCEEDINGS', str(PROJECT / 'target/release/proceedings'))
STAND_IN = SHARED / 'fake-llm/fake_llm.mjs'

TALKS_AT_A_TIME = 100
WORDS = ('cache', 'kernel', 'reader', 'parser', 'queue', 'index', 'socket', 'schema', 'budget', 'review')
REPLY = re.compile(r'(summary|category)-[0-9a-f]{16}\.json')


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--kills', type=int, default=100)
    parser.add_argument('--concurrency', type=int, default=8, help='requests at once')
    parser.add_argument('--latency', type=float, default=0.05, help='how long the endpoint takes')
    parser.add_argument('--longest', type=float, default=1.0, help='a build is killed within so many seconds')
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    if not shutil.which(PROGRAM):
        sys.exit(f'nothing is killed: there is no {PROGRAM}; run `cargo build --release`')
    has_stand_in = STAND_IN.exists() and shutil.which('node')
    with tempfile.TemporaryDirectory() as folder:
        with (StandIn if has_stand_in else Answerer)(options.latency) as endpoint:
            print(f'endpoint: {"the stand-in" if has_stand_in else "a small one of this script"}')
            Trial(Path(folder), endpoint, options).run()


class Trial:
    """One conference, and what has become of its requests so far."""

    def __init__(self, folder, endpoint, options):
        self.folder, self.endpoint, self.options = folder, endpoint, options
        self.random = random.Random(options.seed)
        self.talks = 0
        self.lost = []

    def run(self):
        self.grow()
        whole = 0
        while len(self.lost) < self.options.kills:
            if self.is_killed():
                self.count_lost()
            else:
                whole += 1
                self.grow()
        last = self.build()
        if last.returncode:
            fail(f'the clean build ended with {last.returncode}:\n{last.stderr}')
        answered = self.endpoint.answered()
        again = self.build()
        if again.returncode or self.endpoint.answered() != answered:
            fail(f'a build with nothing to do asked the endpoint:\n{again.stderr}')
        replies, left = self.look_over()
        if replies != 2 * self.talks:
            fail(f'{replies} replies for {self.talks} talks')
        if answered - replies > sum(self.lost):
            fail('the clean build asked for something twice')
        if left:
            fail(f'left of files that were being written: {left}')
        print(f'{len(self.lost)} kills, {whole} builds that were through before, {self.talks} talks')
        print(f'{answered} requests answered, {replies} replies kept, {sum(self.lost)} under way '
              f'when a build was killed (at most {max(self.lost)} of {self.options.concurrency} at once)')

    def grow(self):
        """More talks, each with a caption file and a title, and a catalog that lists them all."""
        captions = self.folder / 'captions'
        captions.mkdir(exist_ok=True)
        self.talks += TALKS_AT_A_TIME
        for number in range(self.talks - TALKS_AT_A_TIME, self.talks):
            words = ' '.join(self.random.choice(WORDS) for _ in range(400))
            (captions / f'{video(number)}.txt').write_text(f'{words}\n')
        talks = ''.join(f'  {{ id = "{video(number)}", title = "Talk {number}" }},\n'
                        for number in range(self.talks))
        (self.folder / 'catalog.toml').write_text(
            f'title = "Kill Conf"\ntalks = [\n{talks}]\n'
            '[[categories]]\nname = "Systems"\n[[categories]]\nname = "People"\n'
            f'[llm]\nbase_url = "{self.endpoint.address}/v1"\nmodel = "made-up"\n'
            f'context_tokens = 32000\nconcurrency = {self.options.concurrency}\n')

    def build(self):
        return subprocess.run([PROGRAM, 'build'], cwd=self.folder, capture_output=True, text=True)

    def is_killed(self):
        """Starts a build and kills it, unless it is through before its moment comes."""
        command = subprocess.Popen([PROGRAM, 'build'], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        said = []
        listener = threading.Thread(target=lambda: said.append(command.stderr.read()))
        listener.start()
        try:
            command.wait(self.random.uniform(0, self.options.longest))
        except subprocess.TimeoutExpired:
            command.send_signal(signal.SIGKILL)
            command.wait()
        listener.join()
        if command.returncode not in (0, -signal.SIGKILL):
            fail(f'a build ended with {command.returncode}:\n{said[0]}')
        return command.returncode != 0

    def count_lost(self):
        answered = self.endpoint.answered()
        replies, _ = self.look_over()
        lost = answered - replies - sum(self.lost)
        if not 0 <= lost <= self.options.concurrency:
            fail(f'kill {len(self.lost) + 1}: {lost} replies are lost')
        self.lost.append(lost)

    def look_over(self):
        """How many replies the cache holds, and what is left of files that were being written."""
        replies, left = 0, []
        for path in (self.folder / 'cache').glob('*/*'):
            name, talk = path.name, path.parent.name
            if talk == '.locks':
                continue
            if name.startswith('.writing-'):
                left.append(f'{talk}/{name}')
                continue
            try:
                content = json.loads(path.read_text())
            except ValueError as error:
                fail(f'{talk}/{name} is damaged: {error}')
            if content['talk'] != talk:
                fail(f'{talk}/{name} belongs to {content["talk"]}')
            if REPLY.fullmatch(name):
                replies += 1
            elif name.startswith(('summary-', 'category-')):
                fail(f'{talk}/{name} was asked for twice, or set aside')
        return replies, left


def video(number):
    return f'killTalk{number:03}'[:11] if number < 1000 else f'killTk{number:05}'


def fail(why):
    sys.exit(f'FAILED: {why}')


class StandIn:
    """The shared folder's endpoint."""

    def __init__(self, latency):
        command = ['node', STAND_IN, '--port', '0', '--latency', str(round(latency * 1000))]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().split()[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate()

    def answered(self):
        """How many requests were answered once nothing is under way any more."""
        while True:
            with urllib.request.urlopen(f'{self.address}/stats') as reply:
                counts = json.load(reply)
            if counts['inFlight'] == 0:
                return counts['requests']
            time.sleep(0.01)


class Answerer:
    """An endpoint that says the same about every talk, and counts how often it was asked."""

    def __init__(self, latency):
        self.count = self.under_way = 0
        self.lock = threading.Lock()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                asked = self.rfile.read(int(self.headers['content-length'])).decode()
                with endpoint.lock:
                    endpoint.under_way += 1
                time.sleep(latency)
                said = {'category': 'Systems', 'none_fits': False} if 'none_fits' in asked else {
                    'first_sentence': 'Queues that nobody reads are where most of the waiting hides in practice.',
                    'second_sentence': 'Measuring them for a week shows which of the readers deserve more room.'}
                message = {'role': 'assistant', 'content': json.dumps(said)}
                body = json.dumps({
                    'choices': [{'message': message, 'finish_reason': 'stop'}],
                    'usage': {'prompt_tokens': 600, 'completion_tokens': 50}}).encode()
                with endpoint.lock:
                    endpoint.under_way -= 1
                    endpoint.count += 1
                self.send_response(200)
                self.send_header('content-type', 'application/json')
                self.send_header('content-length', str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.address = f'http://127.0.0.1:{self.server.server_port}'

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()

    def answered(self):
        """How many requests were answered once nothing is under way any more."""
        time.sleep(0.02)
        while self.under_way:
            time.sleep(0.01)
        return self.count


if __name__ == '__main__':
    main()
