// Shows what is like a question while its title is typed. Without script a button asks the same.

const PAUSE = 500;
const SHORTEST = 8;

for (const form of document.querySelectorAll("form[data-similar]")) {
  const title = form.elements.title;
  const place = form.querySelector("[data-similar-place]");
  for (const button of form.querySelectorAll("[data-similar-button]")) button.hidden = true;
  let timer = 0;
  let asked = title.value.trim();
  let question = null;

  const ask = async () => {
    const words = title.value.trim();
    if (words === asked) return;
    asked = words;
    question?.abort();
    if (words.length < SHORTEST) {
      place.replaceChildren();
      return;
    }
    question = new AbortController();
    const address = `${form.dataset.similar}?${new URLSearchParams({ q: words })}`;
    const answer = await fetch(address, { signal: question.signal, redirect: "error" }).catch(() => null);
    if (!answer?.ok || asked !== words) return;
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    if (asked === words) place.replaceChildren(box.content);
  };
  title.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}
