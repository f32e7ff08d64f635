
// The talks that a reader wants to watch later. They are kept in this browser and sent to nobody, for all
// pages of the site: a talk has the same id on each.

const Later = (() => {
  const KEY = "proceedings.later";
  const read = () => new Set((kept(KEY) ?? "").split(" ").filter(Boolean));
  let ids = read();

  // Another tab may have kept something meanwhile.
  function change(act) {
    if (kept(KEY) !== null) ids = read();
    act(ids);
    keep(KEY, [...ids].join(" ") || null);
  }

  // A button that puts a talk onto the list and takes it off again.
  function button(id, name, act) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "later", title: name });
    button.setAttribute("aria-label", name);
    button.addEventListener("click", () => {
      change((ids) => { if (!ids.delete(id)) ids.add(id); });
      act();
    });
    return button;
  }

  return {
    has: (id) => ids.has(id),
    add: (more) => change((ids) => { for (const id of more) ids.add(id); }),
    button,
    // What is done where another tab has changed the list.
    onChange: (act) => addEventListener("storage", ({ key }) => {
      if (key !== KEY && key !== null) return;
      ids = read();
      act();
    }),
  };
})();
