// The reader's conversations. Each is one entry of this browser's storage, "wenju-talk:" and its
// key; the one that this window shows is named in the window's own storage, which a reload keeps.
// `settings` (words, version, most) stands before this script.
const PREFIX = "wenju-talk:", CURRENT = "wenju-current", NAME_CHARS = 60;
const dialog = element.querySelector("dialog");
const list = dialog.querySelector("ul");
const language = () => (document.documentElement.lang.startsWith("zh") ? "zh" : "en");
const words = () => settings.words[language()];

function read(key) { // what is damaged, or of another version, is dropped
  try {
    const talk = JSON.parse(localStorage.getItem(PREFIX + key));
    const fits = talk.version === settings.version && typeof talk.name === "string"
      && Number.isFinite(talk.at) && Array.isArray(talk.exchanges) && talk.exchanges.length;
    if (fits) return {...talk, key};
  } catch { /* no JSON, or no object */ }
  localStorage.removeItem(PREFIX + key);
  return null;
}

function all() { // the latest first
  const keys = Object.keys(localStorage).filter(name => name.startsWith(PREFIX));
  return keys.map(name => read(name.slice(PREFIX.length))).filter(Boolean)
    .sort((one, other) => other.at - one.at);
}

function write({key, ...talk}) { // where it does not fit, the oldest conversations make room
  const others = all().filter(other => other.key !== key);
  const size = other => localStorage.getItem(PREFIX + other.key).length;
  let taken = others.reduce((sum, other) => sum + size(other), 0);
  for (;;) {
    const text = JSON.stringify(talk);
    try {
      if (taken + text.length <= settings.most) return localStorage.setItem(PREFIX + key, text);
    } catch { /* the browser's own limit is lower */ }
    if (others.length) {
      taken -= size(others.at(-1));
      localStorage.removeItem(PREFIX + others.pop().key);
    } else if (talk.exchanges.length > 1) talk.exchanges.shift();
    else return;
  }
}

function keep({version, talk: key, exchange}) {
  const name = exchange.question.trim().slice(0, NAME_CHARS);
  const talk = localStorage.getItem(PREFIX + key) && read(key) || {key, version, name, exchanges: []};
  talk.exchanges.push(exchange);
  write({...talk, at: exchange.at});
  sessionStorage.setItem(CURRENT, key);
}

function made(tag, text, attributes = {}) {
  const it = document.createElement(tag);
  it.textContent = text;
  for (const [name, value] of Object.entries(attributes)) it.setAttribute(name, value);
  return it;
}

function button(text, does, label) {
  const it = made("button", text, {type: "button", ...(label && {"aria-label": label})});
  it.addEventListener("click", does);
  return it;
}

function row(talk) {
  const say = words(), item = made("li", "");
  const head = button(talk.name, () => {
    sessionStorage.setItem(CURRENT, talk.key);
    trigger("select", read(talk.key) || talk); // another window may have added to it
    dialog.close();
  });
  head.className = "wj-open";
  head.dir = "auto";
  if (sessionStorage.getItem(CURRENT) === talk.key) head.setAttribute("aria-current", "true");
  const when = new Date(talk.at * 1000);
  const short = {dateStyle: "medium", timeStyle: "short"};
  const told = when.toLocaleString(document.documentElement.lang || "zh-CN", short);
  const facts = made("p", "", {class: "wj-file"});
  facts.append(
    made("time", told, {datetime: when.toISOString()}),
    ` · ${say.count.replace("{}", talk.exchanges.length)}`);
  const tools = made("div", "", {class: "wj-tools"});
  tools.append(
    button(say.rename, () => rename(item, talk), `${say.rename}: ${talk.name}`),
    button(say.export, () => save(talk), `${say.export}: ${talk.name}`),
    button(say.remove, () => remove(item, talk), `${say.remove}: ${talk.name}`));
  item.append(head, facts, tools);
  return item;
}

function rename(item, talk) {
  const form = made("form", ""), field = made("input", "", {"aria-label": words().name, maxlength: 120});
  field.value = talk.name;
  const done = name => {
    const now = read(talk.key) || talk; // another window may have added to it
    if (name && name !== now.name) write({...now, name});
    const again = row({...now, name: name || now.name});
    item.replaceWith(again);
    again.querySelector(".wj-tools button").focus();
  };
  form.addEventListener("submit", event => { event.preventDefault(); done(field.value.trim()); });
  field.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    event.preventDefault(); // the dialog stays open
    done("");
  });
  form.append(field, made("button", words().rename));
  item.querySelector(".wj-open").replaceWith(form);
  item.querySelector(".wj-tools").remove();
  field.select();
}

function remove(item, talk) {
  const whole = read(talk.key) || talk;
  localStorage.removeItem(PREFIX + talk.key);
  if (sessionStorage.getItem(CURRENT) === talk.key) document.querySelector("#wj-new").click();
  const undo = button(words().undo, () => {
    write(whole);
    const again = row(whole);
    item.replaceWith(again);
    again.querySelector(".wj-open").focus();
  });
  const told = made("p", `${words().removed}: ${talk.name} `, {class: "wj-label", role: "status"});
  const tools = made("div", "", {class: "wj-tools"});
  tools.append(undo);
  item.replaceChildren(told, tools);
  undo.focus();
}

async function save(talk) {
  const text = await server.exported({name: talk.name, exchanges: talk.exchanges, language: language()});
  const name = talk.name.replace(/[^\p{L}\p{N}]+/gu, " ").trim().slice(0, 40) || "wenju";
  wenju.save(`${name}.md`, text, "text/markdown");
}

function open() {
  const talks = all(), say = words();
  dialog.querySelector("h2").textContent = say.title;
  dialog.querySelector(".wj-close").ariaLabel = say.close;
  dialog.querySelector(".wj-label").textContent = talks.length ? say.note : say.none;
  list.replaceChildren(...talks.map(row));
  dialog.showModal();
}

watch("value", () => { if (props.value && props.value.talk) keep(props.value); });
dialog.addEventListener("click", event => {
  if (event.target === dialog || event.target.closest(".wj-close")) dialog.close();
});
document.addEventListener("click", event => {
  if (event.target.closest("#wj-talks-open")) open();
  if (event.target.closest("#wj-new")) sessionStorage.removeItem(CURRENT);
});
