
// The program's own words, in the language of the page: they stand in it as JSON. Numbers and plurals are
// those of that language.

const Words = (() => {
  const source = document.querySelector("script[type='application/json']");
  const messages = JSON.parse(source?.textContent ?? "{}");
  const lang = source?.lang || "en";
  const plurals = new Intl.PluralRules(lang);
  const numbers = new Intl.NumberFormat(lang, { useGrouping: "always" });

  // A message with words in it; where something is counted, it has one form for one and one for all others.
  function message(key, words = {}, count = 0) {
    const [one, others = one] = messages[key];
    const form = plurals.select(count) === "one" ? one : others;
    return form.replace(/\{(\w+)\}/g, (_, word) => words[word]);
  }

  const counted = (key, count) => message(key, { number: numbers.format(count) }, count);
  return { lang, numbers, message, counted };
})();
