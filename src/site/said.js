// What was said in the talks: which of them have the words that somebody looks for, and where.
//
// The words of all talks are in pieces, scripts that are loaded when a search needs them. They call
// `said` with their names. It knows these files and nothing of a page; `search.js` says what a word is.

const Said = (() => {
  // So many pieces are loaded for a word, and so many bytes of a word are in them.
  const MOST_PIECES = 40, LONGEST = 64;
  // What a word in the index is cut into where scripts have no gaps between words.
  const WITHOUT_GAPS = /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;
  const START = 1;
  // How much a word counts of which only the beginning is looked for.
  const PART = 0.75;
  // A passage has about so many letters; so many are shown of a talk.
  const PASSAGE = 220, PASSAGES = 3;

  const received = new Map();
  const loading = new Map();
  let loadScript;
  let conferences = [], firsts = [], talks = 0, version = "";

  // ---- Files ----

  globalThis.said = (name, content) => received.set(name, content);

  // Loads the list of pieces. `load` runs the script at an address, seen from the index of the site.
  async function open(load) {
    loadScript = load;
    await load("said/index.js");
    const [made, listed, words] = received.get("index");
    version = made;
    firsts = words ? words.split(" ") : [];
    talks = 0;
    conferences = listed.map(([folder, title, language, count]) => {
      const first = talks;
      talks += count;
      return { folder, title, language, first };
    });
  }

  // What a script hands over, loaded once. Who asks in vain may ask again.
  function content(name) {
    if (!loading.has(name)) {
      loading.set(name, loadScript(`said/${name}.js?v=${version}`).then(() => {
        const given = received.get(name);
        received.delete(name);
        return given;
      }).catch((error) => {
        loading.delete(name);
        throw error;
      }));
    }
    return loading.get(name);
  }

  // ---- Words ----

  // In the order of code points, in which the pieces are; that of a comparison is another one.
  function compare(one, other) {
    const length = Math.min(one.length, other.length);
    for (let i = 0; i < length; i += 1) {
      const [a, b] = [one.charCodeAt(i), other.charCodeAt(i)];
      if (a === b) continue;
      const isHigh = (code) => code >= 0xd800 && code < 0xe000;
      return isHigh(a) === isHigh(b) ? a - b : isHigh(a) ? 1 : -1;
    }
    return one.length - other.length;
  }

  // The first place in a sorted list from which on all are after `word`, or are it.
  function place(list, word) {
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(list[middle], word) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // As much of a word as is in the index.
  function head(letters) {
    const bytes = new TextEncoder().encode(letters);
    if (bytes.length <= LONGEST) return letters;
    return new TextDecoder().decode(bytes.slice(0, LONGEST)).replace(/\ufffd+$/, "");
  }

  // ---- Talks that have a word ----

  const pieces = new Map();

  async function piece(number) {
    const text = await content(`words/${number}`);
    if (!pieces.has(number)) {
      const parts = text.split(" ");
      pieces.set(number, {
        words: parts.filter((_, i) => i % 2 === 0),
        lists: parts.filter((_, i) => i % 2 === 1),
      });
    }
    return pieces.get(number);
  }

  // Adds to each talk of a list what it has of the word, `weight` for once.
  function decode(list, weight, scores) {
    const bytes = atob(list);
    let at = 0;
    const bit = () => {
      const found = (bytes.charCodeAt(at >> 3) >> (7 - (at & 7))) & 1;
      at += 1;
      return found;
    };
    const low = (bits) => {
      let number = 0;
      for (let i = 0; i < bits; i += 1) number = (number << 1) | bit();
      return number;
    };
    const unary = (most) => {
      let number = 0;
      while (number < most && bit()) number += 1;
      return number;
    };
    const length = unary(32);
    const count = (1 << length) | low(length);
    let parameter = 0;
    while (3 * count * 2 ** (parameter + 1) <= 2 * talks) parameter += 1;
    for (let talk = -1, i = 0; i < count; i += 1) {
      talk += 1 + unary(talks) * 2 ** parameter + low(parameter);
      scores[talk] += weight * 2 ** unary(3);
    }
  }

  // About how often each talk has a word; null where too many words begin so.
  async function lookUp(letters, isWhole) {
    const scores = new Float32Array(talks);
    const word = head(letters);
    const isCut = word !== letters;
    if (!firsts.length) return scores;
    const first = Math.max(0, place(firsts, word) - (firsts[place(firsts, word)] === word ? 0 : 1));
    let last = first;
    if (!isWhole || isCut) while (firsts[last + 1]?.startsWith(word)) last += 1;
    if (last - first >= MOST_PIECES) return null;
    const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    for (const { words, lists } of await Promise.all(numbers.map(piece))) {
      for (let i = place(words, word); i < words.length && words[i].startsWith(word); i += 1) {
        if (words[i] === word) decode(lists[i], 1, scores);
        else if (!isWhole || isCut) decode(lists[i], PART, scores);
        else break;
      }
    }
    return scores;
  }

  // ---- Talks that answer ----

  // The words in a term, as they are in the index.
  function words(source) {
    const { letters, edges } = Search.field(source);
    const words = [];
    for (let i = 0; i < letters.length; i += 1) {
      if (edges[i] & START) words.push("");
      words[words.length - 1] += letters[i];
    }
    return words;
  }

  // What has to be looked up for words that are side by side. Of letters without gaps, pairs are listed.
  function parts(words, isWhole) {
    const isAlone = words.map((word) => WITHOUT_GAPS.test(word));
    return words.flatMap((word, i) => {
      const isLast = i === words.length - 1;
      if (isAlone[i] && isAlone[i + 1]) return [[word + words[i + 1], true]];
      if (isAlone[i] && isAlone[i - 1]) return [];
      return [[word, isLast ? isWhole : true]];
    });
  }

  const least = (one, other) => one.map((score, i) => Math.min(score, other[i]));
  const most = (one, other) => one.map((score, i) => Math.max(score, other[i]));

  // The talks that may have a term, and whether they surely have it; null where there are too many.
  async function candidates(term, source) {
    const own = words(source);
    const isExact = own.length === 1 && !term.isPhrase && head(term.letters) === term.letters;
    const asOne = await lookUp(term.letters, term.isWhole);
    if (own.length < 2) return asOne && { scores: asOne, isExact };
    const found = await Promise.all(parts(own, term.isWhole).map(([word, isWhole]) => lookUp(word, isWhole)));
    const known = found.filter(Boolean);
    if (!known.length) return null;
    const all = known.reduce(least);
    return { scores: asOne ? most(all, asOne) : all, isExact };
  }

  // Two words that stand beside each other may be one: "argo cd" is "ArgoCD".
  async function asOne(one, two) {
    const isPair = one && two && ![one, two].some((term) => term.isPhrase || term.isUnwanted);
    return isPair ? lookUp(one.letters + two.letters, false) : null;
  }

  // How rare a word is among the talks.
  function rarity(scores) {
    const count = scores.reduce((sum, score) => sum + (score > 0), 0);
    return Math.log(1 + talks / (count || 1));
  }

  // The numbers of the talks that may answer, the best first; whether all of them do; and the terms of
  // which too many words are the beginning. Null where nothing is wanted.
  async function find(query) {
    const terms = Search.parse(query);
    if (!terms.some((term) => !term.isUnwanted)) return null;
    const found = await Promise.all(terms.map((term) => candidates(term, query.slice(term.from, term.to))));
    const pairs = await Promise.all(terms.map((term, i) => asOne(term, terms[i + 1])));
    let sums = null, isExact = true;
    const tooShort = [];
    for (const [i, term] of terms.entries()) {
      if (!found[i]) {
        tooShort.push(term.letters);
        continue;
      }
      isExact &&= found[i].isExact;
      if (term.isUnwanted) continue;
      const scores = [pairs[i - 1], pairs[i]].filter(Boolean).reduce(most, found[i].scores);
      const weight = rarity(scores);
      const weighed = scores.map((score) => score && weight * (1 + Math.log2(1 + score)));
      sums = sums ? sums.map((sum, talk) => sum && weighed[talk] && sum + weighed[talk]) : weighed;
    }
    for (const [i, term] of terms.entries()) {
      if (term.isUnwanted && found[i]?.isExact) sums = sums?.map((sum, talk) => (found[i].scores[talk] ? 0 : sum));
    }
    const numbers = [];
    sums?.forEach((sum, talk) => sum && numbers.push(talk));
    numbers.sort((a, b) => sums[b] - sums[a] || a - b);
    return { numbers, isExact: isExact && !tooShort.length, tooShort };
  }

  // ---- Where it was said ----

  // A talk by its number, with what was said in it.
  async function talk(number) {
    const conference = conferences.findLast(({ first }) => first <= number);
    const [page, title, speakers, language, said] = await content(`talks/${conference.folder}/${number - conference.first}`);
    return { page, title, speakers, language, said, conference };
  }

  const textOf = ({ said }) => said.map(([, words]) => words).join(" ");

  // Whether a talk has all that is wanted, side by side where that is wanted.
  const answers = (talk, terms) => Search.rank([{ fields: [Search.field(textOf(talk))] }], terms).length > 0;

  // The places of a talk that say the most of what is looked for, in the order of time: the second, where
  // it is known, and the words.
  function passages({ said, ...talk }, terms) {
    const starts = [];
    let length = 0;
    for (const [, words] of said) {
      starts.push(length);
      length += words.length + 1;
    }
    const text = textOf({ said });
    const marks = Search.marks(text, terms).map(([from, to]) => ({ from, letters: Search.field(text.slice(from, to)).letters }));
    const found = [];
    for (let i = 0, cue = 0; i < marks.length; i += 1) {
      while (starts[cue + 1] <= marks[i].from) cue += 1;
      // What comes before a word says what it is about, too.
      const first = cue > 0 && marks[i].from - starts[cue] < PASSAGE / 4 ? cue - 1 : cue;
      let last = cue;
      while (last + 1 < said.length && starts[last + 1] - starts[first] < PASSAGE) last += 1;
      const end = starts[last + 1] ?? Infinity;
      const within = marks.slice(i).filter(({ from }) => from < end);
      found.push({ first, last, cue, weight: new Set(within.map(({ letters }) => letters)).size });
    }
    found.sort((a, b) => b.weight - a.weight || a.cue - b.cue);
    const chosen = [];
    for (const one of found) {
      if (chosen.every(({ first, last }) => one.last < first || one.first > last)) chosen.push(one);
      if (chosen.length === PASSAGES) break;
    }
    chosen.sort((a, b) => a.cue - b.cue);
    return chosen.map(({ first, last, cue }) => ({
      second: said[cue][0],
      words: said.slice(first, last + 1).map(([, words]) => words).join(" "),
    }));
  }

  return { open, find, talk, answers, passages };
})();
