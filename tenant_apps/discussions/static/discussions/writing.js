// Keeps drafts while somebody writes, completes names after @, and tells of new replies. Every page works without it.

const SAVE_AFTER = 1200;
const ASK_EVERY = 30_000;
const ASK_SELDOM = 180_000;

// Drafts ---------------------------------------------------------------------------------------------------------------

const draftFields = (form) => {
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "title", "body", "kind", "category"]) {
    const value = new FormData(form).get(name);
    if (value !== null) data.set(name, value);
  }
  data.set("discussion", form.dataset.discussion ?? "");
  if (form.dataset.savedAt) data.set("saved_at", form.dataset.savedAt);
  return data;
};

const written = (form) => JSON.stringify(["title", "body"].map((name) => form.elements[name]?.value ?? ""));

const keepDrafts = (form) => {
  const note = form.querySelector("[data-draft-note]");
  const key = `draft:${location.pathname}`;
  let saved = written(form);
  let timer = 0;
  let busy = false;

  const say = (words) => { if (note) note.textContent = words; };
  const refill = () => {  // what could not be saved, because the session had ended, comes back after signing in
    const kept = sessionStorage.getItem(key);
    if (!kept || form.elements.body.value.trim()) return;
    const [title, body] = JSON.parse(kept);
    if (form.elements.title && !form.elements.title.value) form.elements.title.value = title;
    form.elements.body.value = body;
    say("Your words from before are back.");
    schedule();
  };
  const save = async () => {
    const now = written(form);
    if (busy || now === saved || form.dataset.sent) return;
    busy = true;
    const answer = await fetch(form.dataset.draft, {
      method: "POST", body: draftFields(form), headers: { Accept: "application/json" }, redirect: "manual",
    }).catch(() => null);
    busy = false;
    if (answer?.ok) {
      form.dataset.savedAt = (await answer.json()).saved_at;
      saved = now;
      sessionStorage.removeItem(key);
      say("Draft saved");
      if (written(form) !== saved) schedule();
    } else if (answer?.status === 409) {
      say((await answer.json()).error);
    } else {
      sessionStorage.setItem(key, now);
      say("Not saved. Sign in again in another tab; your words stay here.");
    }
  };
  const schedule = () => { clearTimeout(timer); timer = setTimeout(save, SAVE_AFTER); };

  form.addEventListener("input", schedule);
  form.addEventListener("submit", () => { clearTimeout(timer); sessionStorage.removeItem(key); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });
  for (const button of form.querySelectorAll("[data-draft-button]")) button.hidden = true;
  refill();
};

// Names after @: a list box under the text, by the pattern of an editable combobox ------------------------------------

const completeNames = (area, number) => {
  const list = document.createElement("ul");
  list.id = `names-${number}`;
  list.className = "names";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "People and roles");
  list.hidden = true;
  area.after(list);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  let found = [];
  let chosen = -1;
  let timer = 0;
  let asked = "";

  const close = () => { list.hidden = true; found = []; chosen = -1; area.removeAttribute("aria-activedescendant"); };
  const begun = () => /(?:^|[^\w@.])@([^\n@]{1,60})$/u.exec(area.value.slice(0, area.selectionStart));
  const choose = (index) => {
    chosen = index;
    [...list.children].forEach((each, at) => each.setAttribute("aria-selected", String(at === index)));
    area.setAttribute("aria-activedescendant", list.children[index].id);
  };
  const insert = (index) => {
    const match = begun();
    if (!match) return close();
    const start = area.selectionStart - match[1].length;
    area.setRangeText(`${found[index].name} `, start, area.selectionStart, "end");
    close();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const draw = (results) => {
    found = results;
    list.replaceChildren(...results.map((each, index) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${index}`;
      item.setAttribute("role", "option");
      const name = document.createElement("strong");
      name.textContent = each.name;
      const detail = document.createElement("span");
      detail.textContent = each.detail;
      item.append(name, " ", detail);
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); insert(index); });
      return item;
    }));
    list.hidden = results.length === 0;
    if (results.length) choose(0); else close();
  };
  const ask = async () => {
    const match = begun();
    asked = match?.[1] ?? "";
    if (!asked) return close();
    const answer = await fetch(`${area.dataset.names}?q=${encodeURIComponent(asked)}`, { redirect: "manual" }).catch(() => null);
    if (!answer?.ok || asked !== begun()?.[1]) return;
    draw((await answer.json()).results);
  };

  area.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose((chosen + step + found.length) % found.length);
    else if (event.key === "Enter" || event.key === "Tab") insert(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
};

// New replies while the page lies open ---------------------------------------------------------------------------------

const watchNews = (part) => {
  const bar = part.querySelector("[data-news-bar]");
  let etag = "";
  let waits = ASK_EVERY;
  const began = Date.now();

  const load = async () => {
    const last = `${location.pathname}?page=last`;
    if ("goesOn" in part.dataset) return location.assign(`${last}#new`);
    const answer = await fetch(last, { redirect: "manual" }).catch(() => null);
    if (!answer?.ok) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-news]");
    const list = part.querySelector("[data-posts]");
    let first = null;
    for (const post of fresh?.querySelectorAll("article.post[id]") ?? []) {
      if (document.getElementById(post.id)) continue;
      const added = list.appendChild(document.importNode(post, true));
      first ??= added;
    }
    list.hidden = false;
    part.dataset.after = fresh?.dataset.after ?? part.dataset.after;
    part.querySelector("#replies")?.replaceChildren(...(page.querySelector("#replies")?.childNodes ?? []));
    bar.replaceChildren();
    if (first) { first.tabIndex = -1; first.focus(); first.scrollIntoView(); }
  };
  const show = ({ words }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-primary";
    button.textContent = words;
    button.addEventListener("click", load);
    bar.replaceChildren(button);
  };
  const ask = async () => {
    if (document.visibilityState === "visible") {
      const answer = await fetch(`${part.dataset.news}?after=${part.dataset.after}`, {
        headers: etag ? { "If-None-Match": etag } : {}, redirect: "manual", cache: "no-store",
      }).catch(() => null);
      etag = answer?.headers.get("ETag") ?? etag;
      if (answer?.status === 200) show(await answer.json());
      else if (!answer || answer.status >= 400 || answer.type === "opaqueredirect") waits = ASK_SELDOM;
    }
    if (Date.now() - began > 600_000) waits = ASK_SELDOM;
    setTimeout(ask, waits);
  };
  setTimeout(ask, ASK_EVERY);
};

for (const form of document.querySelectorAll("form[data-draft]")) keepDrafts(form);
document.querySelectorAll("textarea[data-names]").forEach(completeNames);
for (const part of document.querySelectorAll("[data-news]")) watchNews(part);

// An old link to a reply that has moved to another page since finds it.
const [, reply] = location.hash.match(/^#reply-([0-9a-f-]{36})$/) ?? [];
if (reply && !location.search && document.querySelector("[data-pages]")?.dataset.pages > 1 && !document.getElementById(`reply-${reply}`)) {
  location.replace(`?reply=${reply}${location.hash}`);
}
