// What a script may add to pages that already work without one: nothing here decides or stores anything.

const closeMenus = (keep) => {
  for (const menu of document.querySelectorAll("details.menu-box[open]")) {
    if (menu !== keep) menu.open = false;
  }
};

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu-box")));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu-box[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu-box")));

// A form sent twice is a thing posted twice: after the first, its buttons wait until the page changes.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const method = event.submitter?.getAttribute("formmethod") ?? form.method;
  if (event.defaultPrevented || method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled=true]")) button.removeAttribute("aria-disabled");
  }
});

// A filter that is a list or a tick goes at once; without script there is a button.
document.addEventListener("change", (event) => {
  if (event.target.closest("form[data-go]")) event.target.form.requestSubmit();
});
for (const form of document.querySelectorAll("form[data-go]")) {
  for (const button of form.querySelectorAll("[data-go-button]")) button.hidden = true;
}

// Copy buttons are drawn hidden, because without script they could do nothing.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(field.value ?? field.textContent);
    button.querySelector("[data-copy-words]").textContent = "Copied";
  });
}

// A dialog with an opener: without script the opener is a link to a page that asks the same.
for (const opener of document.querySelectorAll("[data-dialog]")) {
  const dialog = document.getElementById(opener.dataset.dialog);
  if (!dialog) continue;
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
}

// A part of the page that shows how a long job goes asks for itself again until it is settled.
const poll = (part) => setTimeout(async () => {
  const answer = await fetch(part.dataset.poll).catch(() => null);
  if (!answer?.ok) return;
  const box = document.createElement("template");
  box.innerHTML = (await answer.text()).trim();
  const fresh = box.content.firstElementChild;
  part.replaceWith(fresh);
  if (fresh.dataset.poll) poll(fresh);
}, 1000);
for (const part of document.querySelectorAll("[data-poll]")) poll(part);

document.querySelector("[data-error-summary]")?.focus();
