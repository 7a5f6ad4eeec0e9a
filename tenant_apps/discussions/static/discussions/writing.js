// Keeps drafts while somebody writes, completes names after @, and tells of new replies. Every page works without it.

const SAVE_AFTER = 1200;
const SAVE_AGAIN = 15_000;
const ASK_EVERY = 30_000;
const ASK_SELDOM = 180_000;

// Drafts ---------------------------------------------------------------------------------------------------------------

const NOT_WORDS = ["csrfmiddlewaretoken", "token", "discussion", "saved_at", "files"];

const draftFields = (form) => {
  const data = new FormData(form);
  data.delete("files");
  data.set("discussion", form.dataset.discussion ?? "");
  return data;
};

const written = (form) => JSON.stringify([...new FormData(form)].filter(([name]) => !NOT_WORDS.includes(name)));

// A new token for every form of the page, because signing in again changed it; false while signed out or offline.
const revive = async () => {
  const answer = await fetch(location.pathname + location.search, { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token ?? field.value;
  return Boolean(token);
};

const putBack = (form, kept) => {
  const values = Map.groupBy?.(kept, ([name]) => name) ?? new Map(kept.map((pair) => [pair[0], [pair]]));
  for (const field of form.elements) {
    const given = values.get(field.name)?.map(([, value]) => value);
    if (["checkbox", "radio"].includes(field.type)) { if (given) field.checked = given.includes(field.value); }
    else if (given && !field.value) [field.value] = given;
  }
};

const keepDrafts = (form) => {
  const note = form.querySelector("[data-draft-note]");
  const key = `draft:${location.pathname}`;
  let saved = written(form);
  let timer = 0;
  let busy = null;  // what stops the save that is on its way
  let lost = false;  // whether the last save came to nothing, because the session ended or the network is away

  const say = (words) => { if (note) note.textContent = words; };
  const refill = () => {  // what could not be saved comes back after signing in
    const kept = sessionStorage.getItem(key);
    if (!kept || form.elements.body.value.trim()) return;
    putBack(form, JSON.parse(kept));
    say("Your words from before are back.");
    schedule();
  };
  const send = () => fetch(form.dataset.draft, {
    method: "POST", body: draftFields(form), headers: { Accept: "application/json" }, redirect: "manual", signal: busy.signal,
  }).catch(() => null);
  const keep = (now) => {
    lost = true;
    sessionStorage.setItem(key, now);
    say(navigator.onLine
      ? "Not saved. You are signed out: sign in again in another tab, then go on here. Your words stay."
      : "Not saved. There is no connection. Your words stay here; post them when it is back.");
  };
  const save = async () => {
    const now = written(form);
    if (busy || now === saved || form.dataset.sent) return;
    busy = new AbortController();
    let answer = await send();
    if (answer?.status === 403 && await revive()) answer = await send();
    const stopped = busy.signal.aborted;
    busy = null;
    if (stopped) return;
    if (answer?.ok) {
      form.elements.saved_at.value = (await answer.json()).saved_at;
      saved = now;
      lost = false;
      sessionStorage.removeItem(key);
      say(form.elements.saved_at.value ? "Draft saved" : "");
      if (written(form) !== saved) schedule();
    } else if ([409, 422].includes(answer?.status)) {
      say((await answer.json()).error);
    } else {
      keep(now);
      schedule(SAVE_AGAIN);
    }
  };
  const schedule = (after = SAVE_AFTER) => { clearTimeout(timer); timer = setTimeout(save, after); };

  form.addEventListener("input", () => schedule());
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (lost || !navigator.onLine) {  // sending it now would leave this page, and the words with it
      event.preventDefault();
      if (!await revive()) return keep(written(form));
      lost = false;
      return form.requestSubmit(event.submitter);
    }
    busy?.abort();
    sessionStorage.removeItem(key);
    saved = written(form);
  });
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
