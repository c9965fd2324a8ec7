// A click on a citation fetches its article from the page's own server and opens it at the evidence.
const dialog = element.querySelector("dialog");
const sheet = dialog.querySelector(".wj-sheet");
let latest = 0;

async function open(place) {
  const turn = ++latest;
  const whole = await server.article(place);
  if (turn !== latest) return; // another citation was clicked meanwhile
  sheet.innerHTML = whole;
  if (!dialog.open) dialog.showModal();
  const evidence = sheet.querySelector("mark:not(.wj-also)");
  if (evidence) evidence.scrollIntoView({block: "center"});
  else sheet.scrollTop = 0;
}

document.addEventListener("click", event => {
  const cited = event.target.closest("#wj-chat .wj-opens");
  // words that were just selected in a passage are to be copied, not left
  if (cited && (cited.tagName === "BUTTON" || getSelection().isCollapsed))
    open(JSON.parse(cited.dataset.cited));
});
dialog.addEventListener("click", event => {
  if (event.target === dialog || event.target.closest(".wj-close")) dialog.close();
});
