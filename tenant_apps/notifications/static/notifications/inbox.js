// Keeps the number on the bell right: asks at most once a minute, only while somebody looks, and mostly hears 304.

const bell = document.querySelector('.bar a[href="/inbox/"]');
const MINUTE = 60_000;
let tag = "";
let asked = Date.now();

const draw = (count) => {
  let bubble = bell.querySelector(".count");
  if (!count) {
    bubble?.remove();
    return;
  }
  if (!bubble) {
    bubble = document.createElement("span");
    bubble.className = "count";
    bell.append(bubble);
  }
  const word = document.createElement("span");
  word.className = "visually-hidden";
  word.textContent = " new";
  bubble.replaceChildren(String(count), word);
};

const ask = async () => {
  if (document.visibilityState !== "visible" || Date.now() - asked < MINUTE) return;
  asked = Date.now();
  const headers = tag ? { "If-None-Match": tag } : {};
  const answer = await fetch("/inbox/count/", { headers, redirect: "error" }).catch(() => null);
  if (!answer?.ok || answer.status === 304) return;
  tag = answer.headers.get("ETag") ?? "";
  draw((await answer.json()).unseen);
};

if (bell) {
  setInterval(ask, MINUTE);
  document.addEventListener("visibilitychange", ask);
}
