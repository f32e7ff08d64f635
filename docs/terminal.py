"""Turns what a terminal shows, as `tmux capture-pane -e -p` prints it, into a picture.

    tmux capture-pane -e -p -t demo | python3 docs/terminal.py > docs/terminal.svg
"""

import re
import sys
from xml.sax.saxutils import escape

COLUMNS = 80
WIDTH, HEIGHT, SIZE = 8.4, 20, 14
LEFT, TOP = 20, 52
PAPER, INK = "#1b1f24", "#d8dee4"
COLORS = dict(zip(range(30, 38), (
    "#6e7681", "#ff8d85", "#7fd48a", "#e6c25c", "#86b9ff", "#d4a6ff", "#6fd3dc", "#ffffff")))


def pieces(line):
    """The pieces of a line that look alike: column, text, color, bold, faint."""
    color, bold, faint, column = INK, False, False, 0
    for text, codes in zip(*[iter(re.split(r"\x1b\[([\d;]*)m", line) + ["0"])] * 2):
        # Blanks in a row are space, not text: browsers make one of them.
        for word in re.finditer(r"\S+(?: \S+)*", text):
            yield column + word.start(), word[0], color, bold, faint
        column += len(text)
        for code in map(int, codes.split(";") if codes else ["0"]):
            if code == 0:
                color, bold, faint = INK, False, False
            elif code == 1:
                bold = True
            elif code == 2:
                faint = True
            elif code == 22:
                bold = faint = False
            elif code == 39:
                color = INK
            color = COLORS.get(code, color)


lines = sys.stdin.read().rstrip().split("\n")
# A command is a little apart from the one before it.
gaps = [HEIGHT / 2 * sum(line.startswith("\x1b[32m$") for line in lines[1:row + 1])
        for row in range(len(lines))]
width, height = 2 * LEFT + COLUMNS * WIDTH, TOP + HEIGHT * len(lines) + gaps[-1]
print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
      f'width="{width:g}" height="{height:g}" role="img">')
print("<title>proceedings in a terminal</title>")
print(f'<rect width="100%" height="100%" rx="10" fill="{PAPER}"/>')
for place, color in enumerate(("#ff5f57", "#febc2e", "#28c840")):
    print(f'<circle cx="{LEFT + 6 + 20 * place}" cy="22" r="6" fill="{color}"/>')
print(f'<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" '
      f'font-size="{SIZE}" xml:space="preserve">')
for row, line in enumerate(lines):
    for column, text, color, bold, faint in pieces(line):
        look = ' font-weight="bold"' * bold + ' opacity="0.6"' * faint
        print(f'<text x="{LEFT + column * WIDTH:g}" y="{TOP + HEIGHT * row + gaps[row]:g}" fill="{color}"{look} '
              f'textLength="{len(text) * WIDTH:g}">{escape(text)}</text>')
print("</g>\n</svg>")
