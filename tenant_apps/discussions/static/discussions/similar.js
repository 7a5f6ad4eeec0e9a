// Shows what is like a question while its title is typed. Without script a button asks the same.

const PAUSE = 500;
const SHORTEST = 8;

for (const form of document.querySelectorAll("form[data-similar]")) {
  const title = form.elements.title;
  const place = form.querySelector("[data-similar-place]");
  const told = form.querySelector("[data-similar-told]");
  for (const button of form.querySelectorAll("[data-similar-button]")) button.hidden = true;
  let timer = 0;
  let asked = title.value.trim();
  let shown = "";
  let question = null;

  // The list itself is read by who goes to it; that it is there is said once, and not again for the same list.
  const show = (html, tag) => {
    const box = document.createElement("template");
    box.innerHTML = html;
    place.replaceChildren(box.content);
    shown = tag;
    const heading = place.querySelector("h2");
    told.textContent = heading ? `${heading.textContent}, after the title` : "";
  };

  const ask = async () => {
    const words = title.value.trim();
    if (words === asked) return;
    asked = words;
    question?.abort();
    if (words.length < SHORTEST) {
      show("", "");
      return;
    }
    question = new AbortController();
    const address = `${form.dataset.similar}?${new URLSearchParams({ q: words })}`;
    const headers = shown ? { "If-None-Match": shown } : {};
    const answer = await fetch(address, { signal: question.signal, headers, cache: "no-store", redirect: "error" }).catch(() => null);
    if (!answer?.ok || asked !== words) return;
    const html = await answer.text();
    if (asked === words) show(html, answer.headers.get("ETag") ?? "");
  };
  title.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}
