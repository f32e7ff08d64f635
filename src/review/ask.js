// Asks the server. Every address is relative, so the token in the page's own address goes along.

/** What the server refuses, in its own words. */
export class Refusal extends Error {
  constructor(status, { error, hint }) {
    super(hint ? `${error}; ${hint}` : error);
    this.status = status;
  }
}

export const conference = () => asked("conference");
export const transcript = (talk, signal) => asked(`transcript/${encodeURIComponent(talk)}`, { signal });
export const measure = (talk, text, signal) => posted("measure", { talk, text }, signal);
export const compare = (talk, texts, signal) => posted("compare", { talk, texts }, signal);
export const rewrite = (talk, hint, model, consent, signal) =>
  posted("rewrite", { talk, hint, model, consent }, signal);
export const previewName = (heard, name, signal) => posted("name/preview", { heard, name }, signal);

export const splits = () => asked("titles/preview");
export const cleanTalks = () => asked("approve/preview");

// A change names the revision of the catalog that was on the screen.
export const edit = (revision, talk, edit) => posted("edit", { revision, change: { talk, edit } });
export const fixName = (revision, heard, name) => posted("name", { revision, change: { heard, name } });
export const approveClean = (revision) => posted("approve", { revision, change: null });
export const splitTitles = (revision, talks) => posted("titles", { revision, change: talks });
export const undo = (revision) => posted("undo", { revision, change: null });

function posted(path, body, signal) {
  const headers = { "Content-Type": "application/json" };
  return asked(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

async function asked(path, options = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, { error: "the review has ended", hint: "start `proceedings review` again" });
  }
  const isJson = response.headers.get("Content-Type")?.includes("json");
  const answer = isJson ? await response.json() : { error: await response.text() };
  if (!response.ok) throw new Refusal(response.status, answer);
  return answer;
}
