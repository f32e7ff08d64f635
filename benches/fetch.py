#!/usr/bin/env python3
"""How fast `proceedings fetch` is, beside plain yt-dlp doing the same job.

45 talks are fetched from the stand-in for YouTube in the shared folder (`../shared`, or what
PROCEEDINGS_SHARED names), by each of

    a shell loop of yt-dlp, one talk after another,
    xargs with 2 and with 8 of them at once,
    proceedings with `concurrency` 2 and 8, and no pause.

All of them get the metadata and one caption track of every talk. What counts is the ratio of times
measured in one run. A build in release mode is measured, unless PROCEEDINGS names another program.

    cargo build --release
    python3 benches/fetch.py [--yt-dlp yt-dlp] [--latency SECONDS] [--rounds N]
"""

import argparse
import json
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get('PROCEEDINGS_SHARED', PROJECT / '../shared'))
PROGRAM = os.environ.get('PROCEEDINGS', str(PROJECT / 'target/release/proceedings'))
PLAYLIST = SHARED / 'data/talks/playlists/PLbitcointalks.json'


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--yt-dlp', default='yt-dlp', help='the yt-dlp that all of them use')
    parser.add_argument('--latency', default='0', help='how long the stand-in waits before an answer')
    parser.add_argument('--rounds', type=int, default=3, help='the fastest of so many rounds counts')
    options = parser.parse_args()
    stand_in = SHARED / 'fake-youtube/fake_youtube.py'
    yt_dlp = shutil.which(options.yt_dlp)
    if not stand_in.exists() or not PLAYLIST.exists():
        sys.exit(f'nothing is measured: there is no stand-in for YouTube in {SHARED}')
    if not shutil.which(PROGRAM):
        sys.exit(f'nothing is measured: there is no {PROGRAM}; run `cargo build --release`')
    if not yt_dlp:
        sys.exit('nothing is measured: there is no yt-dlp; name one with --yt-dlp')

    ids = json.loads(PLAYLIST.read_text())['videos']
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, stand_in, '--data', SHARED / 'data/talks', '--exit-on-stdin-eof',
                   '--log', Path(folder) / 'requests.jsonl', '--latency', options.latency]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
            proxy = json.loads(server.stdout.readline())['proxy']
            measure(ids, Path(folder), os.path.abspath(yt_dlp), proxy, options.rounds)
            server.stdin.close()


def measure(ids, folder, yt_dlp, proxy, rounds):
    plain = shlex.join([
        yt_dlp, '--ignore-config', '--no-update', '--proxy', proxy, '--no-check-certificates',
        '--dump-single-json', '--no-simulate', '--skip-download', '--write-subs', '--write-auto-subs',
        '--sub-langs', 'en', '--sub-format', 'json3', '--output', '%(id)s.%(ext)s'])
    # `{}` is the talk's id; an id may begin with `-`, so it stands in an address.
    one = f'{plain} "https://www.youtube.com/watch?v={{}}" > "./{{}}.json"'
    loop = '\n'.join(one.replace('{}', video) for video in ids)
    at_once = f"printf '%s\\n' {shlex.join(ids)} | xargs -P PROCESSES -I '{{}}' sh -c {shlex.quote(one)}"
    contenders = {'shell loop of yt-dlp': ['sh', '-c', loop]}
    for processes in ('2', '8'):
        script = at_once.replace('PROCESSES', processes)
        contenders[f'xargs -P {processes} yt-dlp'] = ['sh', '-c', script]
    for concurrency in ('2', '8'):
        catalog = folder / f'catalog-{concurrency}.toml'
        arguments = json.dumps(['--proxy', proxy, '--no-check-certificates'])
        catalog.write_text(f'title = "Bench"\ntalks = {json.dumps(ids)}\n[fetch]\npause = "0s"\n'
                           f'concurrency = {concurrency}\nyt_dlp = {json.dumps(yt_dlp)}\n'
                           f'yt_dlp_args = {arguments}\n')
        contenders[f'proceedings, concurrency {concurrency}'] = [
            'env', 'PROCEEDINGS_TRUST=all', os.path.abspath(PROGRAM), '--catalog', 'catalog.toml', 'fetch']

    # In turns, so that what else the machine does is shared out.
    best = {}
    for _ in range(rounds):
        for name, command in contenders.items():
            ran = run_once(name, command, folder, ids, proxy)
            best[name] = min(ran, best.get(name, ran))

    print(f'{len(ids)} talks, {os.cpu_count()} processors, the fastest of {rounds} rounds')
    print(f'{"":28} {"seconds":>8} {"ratio":>7} {"of processors":>14} {"requests":>9}')
    loop_seconds, *_ = best['shell loop of yt-dlp']
    for name, (seconds, busy, requests) in best.items():
        ratio = loop_seconds / seconds
        print(f'{name:28} {seconds:8.1f} {ratio:6.2f}x {busy:14.1f} {requests:9}')


def run_once(name, command, folder, ids, proxy):
    """What it takes to fetch all talks into a new folder: seconds, those of processors, requests."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        if name.startswith('proceedings'):
            shutil.copy(folder / f'catalog-{name.split()[-1]}.toml', Path(place) / 'catalog.toml')
        control(proxy, 'reset', method='POST')
        begun, busy = time.perf_counter(), processors()
        ended = subprocess.run(command, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        seconds, busy = time.perf_counter() - begun, processors() - busy
        captions = [*Path(place).glob('*.json3'), *Path(place).glob('cache/*/transcript-*.json')]
        if len(captions) != len(ids):
            sys.exit(f'{name}: {len(captions)} of {len(ids)} captions\n{ended.stderr.decode()[-2000:]}')
        return seconds, busy, control(proxy, 'counts')['total']


def processors():
    """The seconds that processors have spent on what this script has run."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def control(proxy, what, method='GET'):
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(urllib.request.Request(f'{proxy}/_control/{what}', method=method)) as answer:
        return json.load(answer)


if __name__ == '__main__':
    main()
