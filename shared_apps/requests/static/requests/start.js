// Says whether an address can be had while it is typed. Without script a button asks the same.

const PAUSE = 400;

for (const form of document.querySelectorAll("form[data-address]")) {
  const field = form.elements.subdomain;
  const place = form.querySelector("[data-address-place]");
  for (const button of form.querySelectorAll("[data-address-button]")) button.hidden = true;
  let timer = 0;
  let question = null;

  const ask = async () => {
    question?.abort();
    question = new AbortController();
    const wanted = field.value.trim();
    const address = `${form.dataset.address}?${new URLSearchParams({ subdomain: wanted })}`;
    const answer = await fetch(address, { signal: question.signal, redirect: "error" }).catch(() => null);
    if (!answer?.ok || field.value.trim() !== wanted) return;
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    place.replaceChildren(box.content);
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}
