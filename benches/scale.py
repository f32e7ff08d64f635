#!/usr/bin/env python3
"""How fast `proceedings` is with many talks: start-up, runs with nothing to do, and `summarize`.

A conference of generated talks is made in a temporary folder: titles and abstracts come from
`data/scale` of the shared folder (`../shared`, or what PROCEEDINGS_SHARED names) where it is there,
else they are made of words. The talks have caption files of the organizer's, so nobody asks YouTube.
The cache is then made by running `proceedings fetch` and `proceedings summarize` against a stand-in
for an endpoint: the one of the shared folder if Node is there, else one that this script brings.

What counts are ratios of times measured in one run, in turns: a run with nothing to do beside `cat`
of exactly the files that it needs to read, `summarize` beside what its requests take by their latency
alone. Medians, with the seconds of processors beside them, which tell more where the machine is busy.

    cargo build --release
    python3 benches/scale.py [--talks 1000,10000,20000] [--summarize 88:200:16,5000:50:128]
                             [--rounds N] [--only start|still|summarize] [--keep FOLDER]

A case of `--summarize` is talks:latency in milliseconds:requests at once.
"""

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get('PROCEEDINGS_SHARED', PROJECT / '../shared'))
PROGRAM = os.path.abspath(os.environ.get('PROCEEDINGS', PROJECT / 'target/release/proceedings'))
CATEGORIES = ['Compilers', 'Databases', 'Networks', 'Security', 'Teaching', 'Testing', 'Tools', 'Web']
SPOKEN_WORDS = 600
WORDS = '''about after again answer because before better between build cache change clear code come
    common compare compile could data decide deploy depend design different during each early engine
    enough error every example fast file find first follow found function general given graph group
    happen handle hard idea important index inside keep kernel know language large later layer learn
    less level library like limit list little load local look machine make many measure memory method
    model module more move must name need network never next number often open order other packet part
    path people place plan point problem process program project protocol query question quick read
    reason record release request result return right run safe same schema second server show simple
    since slow small some stage start state still stop store stream such system table task team test
    then there thing think thread through time tool trace type under until user value version wait
    want week when where which while without work write wrong year'''.split()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--talks', default='1000,10000,20000', help='how many talks the conferences have')
    parser.add_argument('--summarize', default='88:200:16,88:1000:16,5000:50:128,5000:200:64',
                        help='talks:latency:at once, with commas between')
    parser.add_argument('--rounds', type=int, default=5, help='medians of so many rounds')
    parser.add_argument('--only', choices=['start', 'still', 'summarize'], help='measure this alone')
    parser.add_argument('--keep', type=Path, help='keep the conference here, and use it the next time')
    parser.add_argument('--answer', type=float, metavar='MILLISECONDS', help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer is not None:
        with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(answer_for_a_model(options.answer / 1000))
        return
    if not shutil.which(PROGRAM):
        sys.exit(f'nothing is measured: there is no {PROGRAM}; run `cargo build --release`')
    sizes = [int(size) for size in options.talks.split(',')]
    cases = [tuple(map(int, case.split(':'))) for case in options.summarize.split(',')]
    only = options.only
    print(f'{os.cpu_count()} processors, medians of {options.rounds} rounds\n', flush=True)
    if only in (None, 'start'):
        starts(options.rounds)
    if only == 'start':
        return
    still = sizes if only in (None, 'still') else []
    summarized = cases if only in (None, 'summarize') else []
    with contextlib.ExitStack() as stack:
        place = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        place.mkdir(exist_ok=True)
        conference = Conference(place)
        conference.fetch(max(still + [talks for talks, *_ in summarized]))
        if still:
            conference.summarize(max(still))
            with_nothing_to_do(conference, still, options.rounds)
        # A disk that has just lost thousands of files is slow to take new ones (ext4 looks for a place
        # among them), so that what one case leaves is removed after the last.
        left = [summarize(conference, *case) for case in summarized]
        for cache in left:
            shutil.rmtree(cache)


# What is measured

def starts(rounds):
    commands = {'/bin/true': ['true'], 'proceedings --version': [PROGRAM, '--version']}
    runs = in_turns(commands, rounds * 20)
    table(['', 'ms', 'MB'], [
        [name, f'{1000 * run.seconds:.2f}', f'{run.megabytes:.1f}'] for name, run in runs.items()])


def with_nothing_to_do(conference, sizes, rounds):
    rows = []
    for talks in sizes:
        folder = conference.project(f'still-{talks}', talks, cache=conference.folder / 'cache')
        needed = conference.needed(talks)
        files = folder / 'needed'
        files.write_bytes(b'\0'.join(os.fsencode(path) for path in [folder / 'catalog.toml', *needed]))
        size = sum(path.stat().st_size for path in needed)
        runs = in_turns({
            f'cat of {len(needed)} files, {size / 1e6:.0f} MB': ['xargs', '-0', '-a', files, 'cat'],
            'build': [PROGRAM, '--catalog', folder / 'catalog.toml', 'build', '--quiet'],
            'render': [PROGRAM, '--catalog', folder / 'catalog.toml', 'render', '--quiet'],
        }, rounds)
        cat, *_ = runs.values()
        for name, run in runs.items():
            rows.append([talks, name, f'{run.seconds:.2f}', f'{run.busy:.2f}',
                         f'{run.seconds / cat.seconds:.2f}', f'{run.busy / cat.busy:.2f}',
                         f'{run.megabytes:.0f}', f'{1e6 * run.busy / talks:.0f}'])
    table(['talks', '', 's', 'CPU s', 's/cat', 'CPU/cat', 'MB', 'CPU µs a talk'], rows)
    reads_no_transcript(conference, min(sizes))


def reads_no_transcript(conference, talks):
    """A build over transcripts that nobody can parse makes the same page, and without a complaint."""
    folder = conference.folder / f'still-{talks}'
    build = [PROGRAM, '--catalog', folder / 'catalog.toml', 'build', '--quiet']
    before = (folder / 'page/page.md').read_bytes()
    spoilt = {path: path.read_bytes() for video in conference.videos(talks)
              for path in (conference.folder / 'cache' / video).glob('transcript-*.json')}
    try:
        for path in spoilt:
            path.write_bytes(b'nobody reads this')
        ran(build)
    finally:
        for path, content in spoilt.items():
            path.write_bytes(content)
    assert spoilt and (folder / 'page/page.md').read_bytes() == before
    print(f'a build with nothing to do reads none of {len(spoilt)} transcripts\n', flush=True)


def summarize(conference, talks, latency, at_once):
    folder = conference.project(f'summarize-{talks}-{latency}-{at_once}', talks, at_once=at_once)
    cache = conference.fetched_only(folder / 'cache', talks)
    with endpoint(latency) as address:
        most = asyncio.run(requests_a_second(address, at_once))
        catalog(folder, conference.videos(talks), address, at_once, cache)
        run = ran([PROGRAM, '--catalog', folder / 'catalog.toml', 'summarize', '--quiet'])
    requests = sum(1 for _ in cache.glob('*/summary-*.json')) + sum(1 for _ in cache.glob('*/category-*.json'))
    by_latency = requests * latency / 1000 / at_once
    possible = max(by_latency, requests / most)
    table(['talks', 'latency ms', 'at once', 'requests', 's', 'by latency s', 'ratio', 'requests/s',
           'stand-in alone', '% of possible', 'CPU ms a talk', 'MB'],
          [[talks, latency, at_once, requests, f'{run.seconds:.2f}', f'{by_latency:.2f}',
            f'{run.seconds / by_latency:.2f}', f'{requests / run.seconds:.0f}', f'{most:.0f}',
            f'{100 * possible / run.seconds:.0f}', f'{1000 * run.busy / talks:.2f}',
            f'{run.megabytes:.0f}']])
    return cache


# The conference

class Conference:
    """Generated talks with their caption files and their cache, all in one folder."""

    def __init__(self, folder):
        self.folder = folder.resolve()
        self.talks = []

    def videos(self, talks):
        return [talk['id'] for talk in self.talks[:talks]]

    def fetch(self, talks):
        self.talks = generated(talks)
        (self.folder / 'captions').mkdir(exist_ok=True)
        said = random.Random(1)
        for talk in self.talks:
            captions = self.folder / 'captions' / f'{talk["id"]}.txt'
            if not captions.exists():
                captions.write_text(' '.join(said.choices(WORDS, k=SPOKEN_WORDS)) + '.\n')
            self.keep_metadata(talk)
        catalog(self.folder, self.videos(talks), 'http://127.0.0.1:1', 1, self.folder / 'cache')
        self.made('fetch')

    def keep_metadata(self, talk):
        """What a visit to YouTube would have left in the cache."""
        metadata = {key: talk.get(key) for key in
                    ['title', 'description', 'channel', 'date', 'duration', 'language']}
        metadata['chapters'] = []
        compact = json.dumps(metadata, ensure_ascii=False, separators=(',', ':'))
        digest = hashlib.sha256(compact.encode()).hexdigest()[:16]
        path = self.folder / 'cache' / talk['id'] / f'metadata-{digest}.json'
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({
                'version': 1, 'talk': talk['id'], 'stage': 'metadata',
                'made_at': '2026-01-01T00:00:00Z', 'content': metadata,
            }, ensure_ascii=False, indent=2) + '\n')

    def summarize(self, talks):
        with endpoint(0) as address:
            catalog(self.folder, self.videos(talks), address, 32, self.folder / 'cache')
            self.made('summarize')

    def made(self, command):
        run = ran([PROGRAM, '--catalog', self.folder / 'catalog.toml', command, '--quiet'])
        print(f'{command} of {len(self.talks)} talks made or found in {run.seconds:.1f} s, '
              f'{run.megabytes:.0f} MB\n', flush=True)

    def project(self, name, talks, at_once=1, cache=None):
        """A folder with a catalog of the first talks and links to their caption files."""
        folder = self.folder / name
        (folder / 'captions').mkdir(parents=True, exist_ok=True)
        for video in self.videos(talks):
            link(self.folder / 'captions' / f'{video}.txt', folder / 'captions' / f'{video}.txt')
        catalog(folder, self.videos(talks), 'http://127.0.0.1:1', at_once, cache or folder / 'cache')
        return folder

    def fetched_only(self, cache, talks):
        """A cache of what was fetched alone. Files of ours are never written in place."""
        shutil.rmtree(cache, ignore_errors=True)
        for video in self.videos(talks):
            (cache / video).mkdir(parents=True)
            for pattern in ['metadata-*.json', 'transcript-*.json', 'captions.json']:
                for path in (self.folder / 'cache' / video).glob(pattern):
                    link(path, cache / video / path.name)
        return cache

    def needed(self, talks):
        """The files that a run with nothing to do cannot do without."""
        wanted = ('metadata-', 'captions', 'summary-', 'category-')
        folders = (self.folder / 'cache' / video for video in self.videos(talks))
        return [Path(entry.path) for folder in folders for entry in os.scandir(folder)
                if entry.name.startswith(wanted)]


def generated(count):
    known = []
    for path in sorted((SHARED / 'data/scale/videos').glob('*.jsonl')):
        known += map(json.loads, path.read_text(encoding='utf-8').splitlines())
    drawn = random.Random(0)
    letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
    talks = []
    for number in range(count):
        talk = known[number % len(known)] if known else {}
        words = drawn.choices(WORDS, k=90)
        talks.append({
            'id': ''.join(drawn.choices(letters, k=11)),
            'title': talk.get('title') or ' '.join(words[:6]).capitalize(),
            'description': (talk.get('description') if known else ' '.join(words).capitalize() + '.') or '',
            'channel': talk.get('channel') or 'Example Conf',
            'date': talk.get('upload_date') or '2026-01-01',
            'duration': 1200 + number % 1800,
            'language': 'en',
        })
    return talks


def catalog(folder, videos, address, at_once, cache):
    lines = ['title = "Scale"', f'cache = {json.dumps(str(cache))}', 'talks = [',
             *(f'  {json.dumps(video)},' for video in videos), ']']
    for name in CATEGORIES:
        lines += ['[[categories]]', f'name = "{name}"', f'description = "all about {name.lower()}"']
    lines += ['[llm]', 'model = "stand-in"', f'base_url = "{address}/v1"', f'concurrency = {at_once}',
              'context_tokens = 128000', '[fetch]', 'captions = "captions"', 'pause = "0s"']
    (folder / 'catalog.toml').write_text('\n'.join(lines) + '\n')


def link(old, new):
    if not new.exists():
        try:
            os.link(old, new)
        except OSError:
            shutil.copy2(old, new)


# The stand-in

@contextlib.contextmanager
def endpoint(latency):
    """The address of a stand-in that answers after so many milliseconds."""
    shared = SHARED / 'fake-llm/fake_llm.mjs'
    command = [sys.executable, __file__, '--answer', str(latency)]
    if shared.exists() and shutil.which('node'):
        command = ['node', shared, '--port', '0', '--latency', str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            yield server.stdout.readline().decode().split()[-1]
        finally:
            server.send_signal(signal.SIGTERM)


async def answer_for_a_model(latency):
    async def converse(reader, writer):
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b'\r\n\r\n')).lower()
                length = int(head.partition(b'content-length:')[2].partition(b'\r\n')[0] or 0)
                asked = json.loads(await reader.readexactly(length) or '{}')
                await asyncio.sleep(latency)
                body = json.dumps(reply_to(asked)).encode()
                writer.write(b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'
                             b'content-length: %d\r\n\r\n' % len(body) + body)
                await writer.drain()

    server = await asyncio.start_server(converse, '127.0.0.1', 0)
    print('http://127.0.0.1:%d' % server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def reply_to(asked):
    shape = asked.get('response_format', {}).get('json_schema', {}).get('schema', {})
    properties = shape.get('properties', {})
    said = {'none_fits': False}
    if 'category' in properties:
        choices = properties['category']['enum']
        said['category'] = choices[len(json.dumps(asked['messages'])) % len(choices)]
    else:
        said['first_sentence'] = 'Teams that measure what they build learn here where the time goes.'
        said['second_sentence'] = 'A closing part compares three caches and leaves open which one stays.'
    return {'choices': [{'message': {'role': 'assistant', 'content': json.dumps(said)},
                         'finish_reason': 'stop'}],
            'usage': {'prompt_tokens': len(json.dumps(asked)) // 4, 'completion_tokens': 40}}


async def requests_a_second(address, at_once, seconds=2):
    """What the stand-in answers when it is asked for nothing but its answers."""
    host, port = address.removeprefix('http://').split(':')
    words = ' '.join(random.Random(2).choices(WORDS, k=SPOKEN_WORDS + 500))
    sentence = {'type': 'string'}
    schema = {'type': 'object', 'properties': {'first_sentence': sentence, 'second_sentence': sentence}}
    body = json.dumps({
        'model': 'stand-in', 'messages': [{'role': 'user', 'content': words}],
        'response_format': {'type': 'json_schema', 'json_schema': {'schema': schema}}}).encode()
    request = (b'POST /v1/chat/completions HTTP/1.1\r\nhost: stand-in\r\ncontent-type: application/json\r\n'
               b'content-length: %d\r\n\r\n' % len(body) + body)
    end, count = time.perf_counter() + seconds, 0

    async def ask():
        nonlocal count
        reader, writer = await asyncio.open_connection(host, int(port))
        while time.perf_counter() < end:
            writer.write(request)
            head = (await reader.readuntil(b'\r\n\r\n')).lower()
            if b'content-length:' in head:
                length = int(head.partition(b'content-length:')[2].partition(b'\r\n')[0])
                await reader.readexactly(length)
            else:
                await reader.readuntil(b'0\r\n\r\n')
            count += 1
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(at_once)))
    return count / (time.perf_counter() - begun)


# Running and showing

class Run:
    def __init__(self, seconds, busy, megabytes):
        self.seconds, self.busy, self.megabytes = seconds, busy, megabytes


# Runs a command and says what it took. A process of its own, and a small one: on Linux the peak of
# memory of a new process begins with that of the one that started it.
RUNNER = """
import json, os, subprocess, sys, time
begun = time.perf_counter()
started = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(started.pid, 0)
seconds = time.perf_counter() - begun
started.returncode = os.waitstatus_to_exitcode(status)
busy = used.ru_utime + used.ru_stime
print(json.dumps([started.returncode, seconds, busy, used.ru_maxrss]))
"""


def ran(command):
    """What a command takes: seconds, those of processors (its children's too), its peak of memory."""
    runner = subprocess.run([sys.executable, '-S', '-E', '-c', RUNNER, *map(os.fspath, command)],
                            capture_output=True, check=False)
    if runner.returncode:
        sys.exit(f'{command} did not start\n{runner.stderr.decode()[-2000:]}')
    code, seconds, busy, peak = json.loads(runner.stdout)
    if code:
        sys.exit(f'{command} ended with {code}\n{runner.stderr.decode()[-2000:]}')
    kilobytes = peak / (1024 if sys.platform == 'darwin' else 1)
    return Run(seconds, busy, kilobytes / 1000)


def in_turns(commands, rounds):
    """The medians of several commands that run one after another, again and again."""
    runs = {name: [] for name in commands}
    for command in commands.values():
        ran(command)
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(ran(command))
    median = statistics.median
    return {name: Run(median(run.seconds for run in all_of_it), median(run.busy for run in all_of_it),
                      max(run.megabytes for run in all_of_it)) for name, all_of_it in runs.items()}


def table(head, rows):
    print('| ' + ' | '.join(head) + ' |\n|' + ' --- |' * len(head))
    for row in rows:
        print('| ' + ' | '.join(map(str, row)) + ' |')
    print(flush=True)


if __name__ == '__main__':
    main()
