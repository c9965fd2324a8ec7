// The sheet at the page's side: an article at its evidence, or why an answer is what it is.
// What it shows comes from the page's own server. An open article stands in the address
// (#cite=file@12-40), so that the address opens it again.
const dialog = element.querySelector("dialog");
const sheet = dialog.querySelector(".wj-sheet");
let latest = 0;

async function show(fetching) {
  const turn = ++latest;
  const whole = await fetching;
  if (turn !== latest) return; // something else was clicked meanwhile
  sheet.innerHTML = whole;
  dialog.classList.remove("wj-printed");
  if (!dialog.open) dialog.showModal();
  const article = sheet.querySelector("article");
  if (article.dataset.link) history.replaceState(null, "", article.dataset.link);
  const evidence = sheet.querySelector("mark:not(.wj-also)");
  if (evidence) evidence.scrollIntoView({block: "center"});
  else sheet.scrollTop = 0;
}

function linked() { // the place that the address names, if any
  const found = location.hash.match(/^#cite=(.*)@([\d,-]*)$/);
  if (!found) return;
  const spans = found[2].split(",").filter(Boolean).map(span => span.split("-").map(Number));
  const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  try {
    show(server.article({source: decodeURIComponent(found[1]), spans, also: [], language}));
  } catch { /* no address of ours */ }
}

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // a page that is not on this machine and not on https has no clipboard
    const area = document.createElement("textarea");
    area.value = text;
    button.after(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.classList.add("wj-done");
  setTimeout(() => button.classList.remove("wj-done"), 1500);
}

function save(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
globalThis.wenju = {save}; // for the page's other script

document.addEventListener("click", event => {
  const at = kind => event.target.closest(kind);
  const cited = at(".wj-opens");
  // words that were just selected in a passage are to be copied, not left
  // a tap on a glossed word shows its gloss
  if (at(".wj-term")) return;
  if (cited && (cited.tagName === "BUTTON" || getSelection().isCollapsed))
    show(server.article(JSON.parse(cited.dataset.cited)));
  else if (at(".wj-chunks")) show(server.passages(JSON.parse(at(".wj-chunks").dataset.cited)));
  else if (at(".wj-why")) show(server.why(at(".wj-why").dataset.trace));
  else if (at(".wj-export"))
    server.why_json(at(".wj-export").dataset.trace)
      .then(told => save("wenju-why.json", told, "application/json"));
  else if (at(".wj-link")) // of the open article, or of a card
    copy(at(".wj-link"), new URL(at(".wj-link").dataset.link ?? location.hash, location.href).href);
  else if (at(".wj-copy")) copy(at(".wj-copy"), at(".wj-copy").dataset.text);
  else if (at(".wj-lines"))
    at(".wj-lines").ariaPressed = String(dialog.classList.toggle("wj-printed"));
  else if (at(".wj-correct")) {
    trigger("select", {question: at(".wj-correct").dataset.question});
    document.querySelector("#wj-box textarea").focus();
  }
});

async function say(thumb, reason = "") {
  const reply = thumb.closest(".wj-answer"), form = reply.querySelector(".wj-reason");
  const {trace, verdict} = thumb.dataset;
  for (const one of reply.querySelectorAll(".wj-thumb")) one.ariaPressed = String(one === thumb);
  form.hidden = false;
  const told = form.querySelector("[role=status]");
  try {
    told.textContent = await server.opinion({trace, verdict, reason}) || form.dataset.thanks;
  } catch (error) {
    told.textContent = String(error);
  }
}
document.addEventListener("click", event => {
  const thumb = event.target.closest(".wj-thumb");
  if (thumb) say(thumb);
});
document.addEventListener("submit", event => {
  const form = event.target.closest(".wj-reason");
  if (!form) return;
  event.preventDefault();
  say(form.closest(".wj-answer").querySelector(".wj-thumb[aria-pressed=true]"), form.reason.value);
});
dialog.addEventListener("click", event => {
  if (event.target === dialog || event.target.closest(".wj-close")) dialog.close();
});
dialog.addEventListener("close", () => {
  latest++;
  if (location.hash.startsWith("#cite="))
    history.replaceState(null, "", location.pathname + location.search);
});
addEventListener("hashchange", linked);
linked();
