#!/usr/bin/env python3
"""What batches take with many talks, and what is lost or paid twice when their commands are killed.

The conference is that of `scale.py`: generated talks with caption files of the organizer's. The endpoint is a
stand-in that this script brings: Chat Completions, and files and batches as OpenAI has them. Its replies quote what
they read. It counts what it is paid for: every live request, and every line of a batch that it has answered.

    cargo build --release
    python3 benches/batch.py [--talks N] [--words N] [--keep FOLDER]    # seconds and memory of the commands
    python3 benches/batch.py --kills N [--seed N]                       # `kill -9` of submit and collect

After each kill trial every request was ordered once, every reply that was paid for is in the cache, and the page is
the same as that of a build whose requests were answered alone, or the script says what is wrong and exits 1.
"""

import argparse
import contextlib
import json
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import scale

AT_A_TIME = 40
LATENCY = 0.03


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--talks', type=int, default=20000)
    parser.add_argument('--words', type=int, default=3000, help='spoken words a talk')
    parser.add_argument('--keep', type=Path, help='keep the conference here, and use it the next time')
    parser.add_argument('--kills', type=int, help='kill the commands so often instead')
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        place = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        place.mkdir(exist_ok=True)
        endpoint = stack.enter_context(Endpoint(place))
        if options.kills:
            KillTrial(place, endpoint, options).run()
        else:
            measure(place, endpoint, options)


# Seconds and memory

def measure(place, endpoint, options):
    scale.SPOKEN_WORDS = options.words
    conference = scale.Conference(place)
    conference.fetch(options.talks)
    folder = conference.project(f'batch-{options.talks}', options.talks)
    conference.fetched_only(folder / 'cache', options.talks)
    write_catalog(folder, conference.videos(options.talks), endpoint, folder / 'cache')
    work = folder / 'work'
    rows = []

    def step(name, *command, code=0):
        run = ran([scale.PROGRAM, '--catalog', folder / 'catalog.toml', *command, '--quiet'], code)
        rows.append([name, f'{run.seconds:.1f}', f'{run.busy:.1f}', f'{run.megabytes:.0f}'])
        print(name, rows[-1][1:], flush=True)

    step('batch export', 'batch', 'export', work)
    size = sum(path.stat().st_size for path in work.glob('*.jsonl'))
    print(f'{size / 1e6:.0f} MB of requests', flush=True)
    step('batch submit, the summaries', 'batch', 'submit')
    endpoint.answer_all()
    step('batch collect', 'batch', 'collect')
    step('batch submit, the categories', 'batch', 'submit')
    endpoint.answer_all()
    step('batch collect', 'batch', 'collect')
    step('build with all replies there', 'build')
    scale.table([f'{options.talks} talks', 's', 'CPU s', 'MB'], rows)
    print(f'{len(endpoint.paid_lines)} lines and {endpoint.live} live requests answered')


def ran(command, code):
    run = subprocess.run([sys.executable, '-S', '-E', '-c', scale.RUNNER, *map(str, command)],
                         capture_output=True, check=False)
    ended, seconds, busy, peak = json.loads(run.stdout)
    if ended != code:
        sys.exit(f'{command} ended with {ended}\n{run.stderr.decode()[-2000:]}')
    return scale.Run(seconds, busy, peak / 1000)


def write_catalog(folder, videos, endpoint, cache):
    scale.catalog(folder, videos, endpoint.address, 8, cache)
    catalog = folder / 'catalog.toml'
    price = 'price = { input = 1.0, output = 2.0 }\n[fetch]'
    catalog.write_text(catalog.read_text().replace('[fetch]', price))


# Kills

class KillTrial:
    """One conference that grows, and what its endpoint was paid for."""

    def __init__(self, folder, endpoint, options):
        self.folder, self.endpoint, self.options = folder / 'killed', endpoint, options
        self.random = random.Random(options.seed)
        self.videos, self.kills = [], Counter()
        # How long the commands take that get through.
        self.longest = {'submit': 2.0, 'collect': 2.0}

    def run(self):
        while sum(self.kills.values()) < self.options.kills:
            self.grow()
            # A batch for the summaries, one for the categories, each with its collection.
            for _ in range(2):
                self.until_through('submit')
                self.endpoint.answer_all()
                self.until_through('collect')
            self.look_over()
        said = ', '.join(f'{count} of {command}' for command, count in sorted(self.kills.items()))
        print(f'kills: {said}; {len(self.videos)} talks, {self.endpoint.batches_made()} batches')
        print(f'{len(self.endpoint.paid_lines)} lines of batches were answered, none twice; '
              f'{self.endpoint.live} live requests for the first talks of batches')
        self.compare()

    def grow(self):
        """More talks, each with a caption file and a title."""
        captions = self.folder / 'captions'
        captions.mkdir(parents=True, exist_ok=True)
        for _ in range(AT_A_TIME):
            video = f'killBat{len(self.videos):04}'
            words = ' '.join(self.random.choices(scale.WORDS, k=300))
            (captions / f'{video}.txt').write_text(f'{video} {words}.\n')
            self.videos.append(video)
        self.write(self.folder)
        self.command('fetch')

    def write(self, folder):
        write_catalog(folder, self.videos, self.endpoint, folder / 'cache')
        catalog = folder / 'catalog.toml'
        text = catalog.read_text()
        for number, video in enumerate(self.videos):
            text = text.replace(f'  "{video}",', f'  {{ id = "{video}", title = "Talk {number}" }},')
        catalog.write_text(text)

    def command(self, *command, codes=(0,), folder=None):
        ended = subprocess.run([scale.PROGRAM, *command], cwd=folder or self.folder,
                               capture_output=True, text=True)
        if ended.returncode not in codes:
            fail(f'{command} ended with {ended.returncode}:\n{ended.stderr}')
        return ended

    def until_through(self, command):
        """Starts a command and kills it at a random moment, as often as chance has it, until it gets through."""
        while True:
            started = subprocess.Popen([scale.PROGRAM, 'batch', command], cwd=self.folder,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            said, has_asked = [], threading.Event()

            def listen(started=started, said=said, has_asked=has_asked):
                for line in started.stderr:
                    said.append(line)
                    if 'was asked about first' in line:
                        has_asked.set()
                has_asked.set()

            listener = threading.Thread(target=listen)
            listener.start()
            # The first talk is over soon, and every kill before costs another one: as a rule it is waited for.
            if command == 'submit' and self.random.random() < 0.9:
                has_asked.wait()
            begun = time.monotonic()
            try:
                started.wait(self.random.uniform(0, self.longest[command]))
            except subprocess.TimeoutExpired:
                started.send_signal(signal.SIGKILL)
                started.wait()
            listener.join()
            if started.returncode == -signal.SIGKILL:
                self.kills[command] += 1
                self.endpoint.answer_all()
                continue
            if started.returncode not in (0, 3):
                fail(f'batch {command} ended with {started.returncode}:\n{"".join(said)}')
            if started.returncode == 0:
                self.longest[command] = max(1.5 * (time.monotonic() - begun), 2.0)
                return

    def look_over(self):
        """Every line that was paid for is paid once, and its reply is in the cache."""
        twice = [line for line, count in self.endpoint.paid_lines.items() if count > 1]
        if twice:
            fail(f'paid twice: {twice}')
        replies = {re.sub(r'\.json$', '', path.name) + '-' + path.parent.name
                   for path in (self.folder / 'cache').glob('*/*-*.json')
                   if path.name.startswith(('summary-', 'category-'))}
        lost = set(self.endpoint.paid_lines) - replies
        if lost:
            fail(f'paid and lost: {lost}')
        self.command('cache', 'verify')
        ended = self.command('build', '--dry-run')
        if 'no requests' not in ended.stdout:
            fail(f'something is left to ask:\n{ended.stdout}')

    def compare(self):
        """The page is that of a build whose requests were answered alone."""
        live = self.folder.parent / 'live'
        (live / 'captions').mkdir(parents=True)
        for path in (self.folder / 'captions').iterdir():
            (live / 'captions' / path.name).write_bytes(path.read_bytes())
        self.write(live)
        self.command('build', folder=live)
        self.command('build')
        if (live / 'page/page.md').read_bytes() != (self.folder / 'page/page.md').read_bytes():
            fail('the page is another one than that of a live build')
        print('the page is the same as that of a live build')


def fail(why):
    sys.exit(f'FAILED: {why}')


# The stand-in

class Endpoint:
    """Chat Completions, files and batches; files stay on the disk."""

    def __init__(self, place):
        self.place = Path(tempfile.mkdtemp(prefix='endpoint-', dir=place))
        self.lock = threading.Lock()
        self.files, self.batches = 0, []
        self.paid_lines, self.live = Counter(), 0

    def __enter__(self):
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                length = self.headers['content-length']
                time.sleep(LATENCY)
                if self.path == '/v1/files':
                    name = endpoint.new_file()
                    self.store(name, int(length))
                    self.tell({'id': name, 'status': 'processed'})
                    return
                asked = json.loads(self.rfile.read(int(length)))
                if self.path == '/v1/batches':
                    self.tell(endpoint.make_batch(asked))
                else:
                    with endpoint.lock:
                        endpoint.live += 1
                    self.tell(reply_to(asked))

            def do_GET(self):
                parts = self.path.split('?')[0].split('/')[2:]
                time.sleep(LATENCY)
                if parts == ['batches']:
                    self.tell({'data': endpoint.batches, 'has_more': False})
                elif parts[0] == 'batches':
                    self.tell(next(batch for batch in endpoint.batches if batch['id'] == parts[1]))
                elif parts[0] == 'files':
                    path = endpoint.place / parts[1]
                    self.send_response(200)
                    self.send_header('content-length', str(path.stat().st_size))
                    self.end_headers()
                    with path.open('rb') as file, contextlib.suppress(OSError):
                        while piece := file.read(1 << 20):
                            self.wfile.write(piece)
                else:
                    self.send_response(404)
                    self.send_header('content-length', '0')
                    self.end_headers()

            def store(self, name, length):
                """The lines of a form, piece by piece."""
                with (endpoint.place / f'{name}.form').open('wb') as form:
                    while length and (piece := self.rfile.read(min(length, 1 << 20))):
                        form.write(piece)
                        length -= len(piece)
                with (endpoint.place / f'{name}.form').open('rb') as form, (endpoint.place / name).open('wb') as lines:
                    for line in form:
                        if line.startswith(b'{"custom_id"'):
                            lines.write(line)
                (endpoint.place / f'{name}.form').unlink()

            def tell(self, told):
                body = json.dumps(told).encode()
                with contextlib.suppress(OSError):
                    self.send_response(200)
                    self.send_header('content-type', 'application/json')
                    self.send_header('content-length', str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.address = f'http://127.0.0.1:{self.server.server_port}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()

    def new_file(self):
        with self.lock:
            self.files += 1
            return f'file-{self.files}'

    def make_batch(self, asked):
        with self.lock:
            batch = {'id': f'batch_{len(self.batches)}', 'status': 'in_progress', 'output_file_id': None,
                     'error_file_id': None, 'input_file_id': asked['input_file_id'],
                     'request_counts': {'total': 0, 'completed': 0, 'failed': 0}}
            self.batches.append(batch)
            return dict(batch)

    def batches_made(self):
        return len(self.batches)

    def answer_all(self):
        """Answers what is open: from now on it is paid for."""
        for batch in self.batches:
            if batch['status'] != 'in_progress':
                continue
            output = self.new_file()
            with (self.place / batch['input_file_id']).open(encoding='utf-8') as lines, \
                    (self.place / output).open('w', encoding='utf-8') as replies:
                for line in lines:
                    asked = json.loads(line)
                    self.paid_lines[asked['custom_id']] += 1
                    replies.write(json.dumps({
                        'id': 'r', 'custom_id': asked['custom_id'], 'error': None,
                        'response': {'status_code': 200, 'body': reply_to(asked['body'])}}) + '\n')
            batch.update(status='completed', output_file_id=output, error_file_id='')


def reply_to(asked):
    """What the stand-in of `scale.py` says, with quotes out of the transcript."""
    reply = scale.reply_to(asked)
    said = json.loads(reply['choices'][0]['message']['content'])
    if 'first_sentence' in said:
        words = asked['messages'][-1]['content'].partition('<transcript>')[2].split()
        said = {'first_sentence': said['first_sentence'], 'first_quote': ' '.join(words[20:30]),
                'second_sentence': said['second_sentence'], 'second_quote': ' '.join(words[60:72])}
        reply['choices'][0]['message']['content'] = json.dumps(said)
    return reply


if __name__ == '__main__':
    main()
