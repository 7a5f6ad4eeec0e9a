// Passkeys, where the browser knows them: forms that need them are drawn hidden, and only the browser can fill them.

const isKnown = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

const optionsOf = async (form) => {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.optionsUrl, { method: "POST", body: new FormData(form) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
};

const ask = async (form) => {
  const { publicKey } = await optionsOf(form);
  if (form.dataset.passkey === "create") {
    const options = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey);
    return navigator.credentials.create({ publicKey: options });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
};

const prepare = (form) => {
  const field = form.elements.namedItem("credential");
  const error = form.querySelector("[data-passkey-error]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (field.value) return;
    event.preventDefault();
    error.hidden = true;
    try {
      field.value = JSON.stringify(await ask(form));
      form.requestSubmit(event.submitter);
    } catch {
      error.hidden = false; // nobody said yes, or there is no such passkey on this device
    }
  });
};

if (isKnown) {
  for (const form of document.querySelectorAll("form[data-passkey]")) prepare(form);
  for (const words of document.querySelectorAll("[data-passkey-missing]")) words.hidden = true;
}
