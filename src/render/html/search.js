// How talks are searched, on the page of a conference and on the index of many: words are looked
// for at their starts, weighed by where they are, and marked there.
//
// It knows texts and nothing of a page. Both scripts have it in front of them.

const Search = (() => {
  // What a letter is in its word: the first, the last, a capital within it as in "PyTorch", or the
  // first after a mere hyphen or apostrophe.
  const START = 1, END = 2, HUMP = 4, HYPHENED = 8;
  // How much a word counts in title, speakers, category and summary.
  const WEIGHTS = [8, 8, 3, 1];
  // How much it counts there where it is only the start of a word, and where it runs over a gap.
  const PART = 0.75, OVER_GAP = 0.9;

  // ---- Letters ----

  // Accents of Latin, Greek, Cyrillic, Hebrew and Arabic. The marks of other scripts are letters.
  const ACCENTS = /[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
  // What is no letter with an accent for Unicode, and is one for those who have no key for it.
  const PLAIN = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ħ: "h", ŧ: "t", ŋ: "n", ı: "i", ς: "σ" };
  const UNUSUAL = new RegExp(`[${Object.keys(PLAIN).join("")}]`, "g");
  // A letter with its marks. Korean syllables may come in their parts, which only together are one.
  const CLUSTER = /[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]+|\P{M}\p{M}*|\p{M}+/uy;
  const LETTER = /[\p{L}\p{N}\p{M}]/u;
  // The codes of letters and digits without anything to fold, and of capitals.
  const isPlain = (code) => (code > 96 && code < 123) || (code > 47 && code < 58);
  const isPlainCapital = (code) => code > 64 && code < 91;
  const HYPHENS = /['’\-\u2010-\u2013./]/u;
  const INVISIBLE = /^[\p{Cf}\ufe00-\ufe0f]+$/u;
  // Scripts without gaps between words: a word may begin at every letter.
  const WITHOUT_GAPS = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;
  // One or two letters of these make a whole word to look for.
  const SHORT = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}+#]{1,2}$/u;

  const folds = new Map();

  // The same letters whatever their case, accents and width.
  function fold(cluster) {
    let folded = folds.get(cluster);
    if (folded === undefined) {
      folded = cluster.normalize("NFKD").replace(ACCENTS, "").normalize("NFC").toLowerCase().replace(UNUSUAL, (letter) => PLAIN[letter]);
      folded = [...folded].filter((letter) => LETTER.test(letter)).join("");
      folds.set(cluster, folded);
    }
    return folded;
  }

  // The letters of a text in one row, without what is between words; what each is in its word; and
  // where it begins and ends in the text.
  function read(text) {
    let letters = "";
    const edges = [], from = [], to = [];
    let isWord = false, isAfterSign = false, isAfterSmall = false, gap = 0;
    const close = () => {
      if (isWord) edges[edges.length - 1] |= END;
      isWord = isAfterSign = isAfterSmall = false;
    };
    for (let at = 0; at < text.length;) {
      const code = text.charCodeAt(at);
      const isAscii = code < 128 && !(text.charCodeAt(at + 1) > 0x2ff);
      let isCapital = isAscii && isPlainCapital(code);
      let cluster = text[at];
      let folded = "";
      if (isCapital) folded = cluster.toLowerCase();
      else if (isAscii) folded = isPlain(code) ? cluster : "";
      else {
        CLUSTER.lastIndex = at;
        cluster = CLUSTER.exec(text)?.[0] ?? cluster;
        folded = fold(cluster);
        isCapital = cluster !== cluster.toLowerCase();
      }
      const next = at + cluster.length;
      // "C++" and "C#" are words.
      const isSign = isWord && (cluster === "+" || cluster === "#");
      if (isSign) folded = cluster;
      if (!folded) {
        if (isAscii || !INVISIBLE.test(cluster)) {
          close();
          gap += HYPHENS.test(cluster) ? 1 : 2;
        }
        at = next;
        continue;
      }
      if (isAfterSign && !isSign) close();
      const isAlone = !isAscii && WITHOUT_GAPS.test(cluster);
      if (isAlone) close();
      let edge = 0;
      if (!isWord) edge = gap === 1 ? START | HYPHENED : START;
      else if (isCapital && (isAfterSmall || /\p{Ll}/u.test(text[next] ?? ""))) edge = HUMP;
      for (let i = 0; i < folded.length; i += 1) {
        edges.push(i === 0 ? edge : 0);
        from.push(at);
        to.push(next);
      }
      letters += folded;
      gap = isAlone ? 1 : 0;
      isWord = true;
      isAfterSign = isSign;
      isAfterSmall = !isSign && !isCapital;
      if (isAlone) close();
      at = next;
    }
    close();
    return { letters, edges, from, to };
  }

  // A text as it is searched; its places are found again where they are marked.
  function field(text) {
    const { letters, edges } = read(text);
    return { letters, edges: Uint8Array.from(edges) };
  }

  // ---- What is looked for ----

  const straighten = (query) => query.replace(/[“”„‟«»＂]/g, '"');

  // Words, "phrases" and -what is not wanted. A hyphen, a space and nothing are the same within them.
  function parse(query) {
    const terms = [];
    for (const match of straighten(query).matchAll(/(-?)(?:"([^"]*)("?)|(\S+))/g)) {
      const [source, , phrase, isClosed, word] = match;
      const isUnwanted = source.startsWith("-");
      const { letters } = read(phrase ?? word);
      if (!letters) continue;
      const isPhrase = phrase !== undefined;
      const isWhole = isPhrase ? Boolean(isClosed) : SHORT.test(letters);
      terms.push({ letters, isWhole, isPhrase, isUnwanted, from: match.index, to: match.index + source.length });
    }
    return terms;
  }

  // Two words that stand beside each other may be one: "argo cd" is "ArgoCD".
  function joined(terms, i) {
    const [one, two] = [terms[i], terms[i + 1]];
    if (!one || !two || one.isPhrase || two.isPhrase || one.isUnwanted || two.isUnwanted) return null;
    const letters = one.letters + two.letters;
    return { letters, isWhole: SHORT.test(letters), isPhrase: false };
  }

  // The places of a term among the letters of a field, and how well it fits there. It may run over
  // a gap where it ends with a word: "argocd" is "Argo CD", and "then" is not in "the news".
  function* places({ letters, edges }, term) {
    const length = term.letters.length;
    const starts = !term.isPhrase && length > 2 ? START | HUMP : START;
    for (let at = letters.indexOf(term.letters); at >= 0; at = letters.indexOf(term.letters, at + 1)) {
      if (!(edges[at] & starts)) continue;
      const isWhole = Boolean(edges[at + length - 1] & END);
      let isOverGap = false;
      let mustEnd = term.isWhole;
      for (let i = at + 1; i < at + length; i += 1) {
        if (!(edges[i] & START)) continue;
        isOverGap = true;
        mustEnd ||= !term.isPhrase && !(edges[i] & HYPHENED);
      }
      if (mustEnd && !isWhole) continue;
      yield { at, fit: (isWhole ? 1 : PART) * (isOverGap ? OVER_GAP : 1) };
    }
  }

  function fit(field, term) {
    let best = 0;
    for (const place of places(field, term)) {
      if (place.fit === 1) return 1;
      best = Math.max(best, place.fit);
    }
    return best;
  }

  function weigh(fields, term) {
    let best = 0;
    fields.forEach((field, i) => {
      if (WEIGHTS[i] > best) best = Math.max(best, WEIGHTS[i] * fit(field, term));
    });
    return best;
  }

  // How well a talk answers, 0 where it does not.
  function score(fields, terms) {
    let sum = 0;
    let isInTitle = true;
    for (const [i, term] of terms.entries()) {
      let weight = weigh(fields, term);
      if (term.isUnwanted) {
        if (weight) return 0;
        continue;
      }
      for (const pair of [joined(terms, i - 1), joined(terms, i)]) {
        if (!weight && pair) weight = weigh(fields, pair);
      }
      if (!weight) return 0;
      sum += weight;
      isInTitle &&= fit(fields[0], term) > 0;
    }
    // Where nothing is wanted, all is as good that has nothing unwanted.
    return sum + (isInTitle ? WEIGHTS[0] / 2 : 0);
  }

  // Those of many that answer, the best first; of equals, who stands first. Each has its `fields`.
  function rank(talks, terms) {
    const looked = settle(talks, terms);
    const found = talks.map((talk) => [score(talk.fields, looked), talk]).filter(([score]) => score);
    return found.sort(([a], [b]) => b - a).map(([, talk]) => talk);
  }

  // One or two letters are a word where any talk has that word, and else the start of one.
  function settle(talks, terms) {
    return terms.map((term) => {
      const isOpen = term.isWhole && !term.isPhrase && !talks.some((talk) => weigh(talk.fields, term));
      return isOpen ? { ...term, isWhole: false } : term;
    });
  }

  // ---- Where it is ----

  // The places of all terms in a text, from the first to the last, none over another.
  function marks(text, terms) {
    const words = read(text);
    const spans = [];
    for (const [i, term] of terms.entries()) {
      if (term.isUnwanted) continue;
      for (const one of [term, joined(terms, i)]) {
        if (one) for (const { at } of places(words, one)) spans.push([words.from[at], words.to[at + one.letters.length - 1]]);
      }
    }
    spans.sort(([a, to], [b, end]) => a - b || end - to);
    let end = 0;
    return spans.filter(([from, to]) => from >= end && (end = to));
  }

  // ---- Where nothing is found ----

  // The steps from one word to another: letters put in, left out, changed, or two that changed
  // places; more than `most` are as good as any number.
  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let before = [], last = Array.from({ length: other.length + 1 }, (_, i) => i);
    for (let i = 1; i <= one.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= other.length; j += 1) {
        const change = one[i - 1] === other[j - 1] ? 0 : 1;
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + change);
        const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
        if (isSwap) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return most + 1;
      [before, last] = [last, row];
    }
    return last[other.length];
  }

  // The words of all talks, and in how many each is.
  function vocabulary(talks) {
    const counts = new Map();
    for (const { fields } of talks) {
      const words = new Set();
      for (const { letters, edges } of fields) {
        for (let at = 0, from = 0; at < letters.length; at += 1) {
          if (edges[at] & START) from = at;
          if (edges[at] & END) words.add(letters.slice(from, at + 1));
        }
      }
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    return counts;
  }

  // The nearest words to one that no talk has.
  function nearest(word, words) {
    if (word.length < 4) return [];
    const most = word.length > 7 ? 2 : 1;
    const near = [];
    for (const [other, count] of words) {
      const steps = distance(word, other, most);
      if (steps <= most) near.push({ word: other, steps, count });
    }
    near.sort((a, b) => a.steps - b.steps || b.count - a.count);
    return near.slice(0, 3).map(({ word }) => word);
  }

  // What to look for instead where nothing is found: words that are spelled almost the same, or
  // fewer words. Each with the number of talks that it finds.
  function suggest(talks, query) {
    const terms = parse(query);
    const wanted = terms.filter((term) => !term.isUnwanted);
    const plain = straighten(query);
    const without = ({ from, to }, word) => `${plain.slice(0, from)}${word}${plain.slice(to)}`.replace(/\s+/g, " ").trim();
    const unknown = wanted.filter((term) => !rank(talks, [term]).length);
    let queries = [];
    if (unknown.length) {
      const words = vocabulary(talks);
      for (const term of unknown) queries.push(...nearest(term.letters, words).map((word) => without(term, word)));
    }
    if (wanted.length > 1) {
      const left = unknown.length ? unknown : wanted;
      queries.push(...left.map((term) => without(term, "")));
    }
    queries = [...new Set(queries)].filter(Boolean);
    return queries.map((query) => ({ query, count: rank(talks, parse(query)).length })).filter(({ count }) => count);
  }

  return { field, parse, rank, marks, suggest };
})();
