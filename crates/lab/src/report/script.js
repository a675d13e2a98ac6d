"use strict";
const root = document.documentElement;
// What a test reads: how many pictures there are, how many are shown, how many errors occurred.
let errors = 0;
addEventListener("error", () => { errors += 1; root.dataset.errors = errors; }, true);
addEventListener("securitypolicyviolation", () => { errors += 1; root.dataset.errors = errors; });
addEventListener("load", () => {
  const pictures = [...document.querySelectorAll("figure img")];
  root.dataset.pictures = pictures.length;
  root.dataset.shown = pictures.filter((picture) => picture.complete && 0 < picture.naturalWidth).length;
  root.dataset.overflow = root.scrollWidth > root.clientWidth ? "yes" : "no";
  root.dataset.errors = errors;
});
// A click on a picture shows it as large as the window, one more twice as wide, Escape closes.
const larger = document.getElementById("larger");
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.zoom");
  if (button) {
    const picture = button.querySelector("img").cloneNode();
    picture.removeAttribute("width");
    picture.removeAttribute("height");
    larger.replaceChildren(picture);
    larger.classList.remove("actual");
    larger.showModal();
  } else if (event.target.closest("dialog")) {
    if (larger.classList.contains("actual")) larger.close();
    else {
      larger.classList.add("actual");
      // What was clicked stays where it is.
      larger.scrollTo(event.clientX, event.clientY);
    }
  }
});
document.getElementById("theme").addEventListener("click", () => {
  const isDark = getComputedStyle(root).colorScheme === "dark";
  root.dataset.theme = isDark ? "light" : "dark";
});
// On a narrow screen the contents are folded; a link to something folded unfolds it; print shows folded tables.
const contents = document.getElementById("contents");
if (matchMedia("(max-width: 60rem)").matches) contents.open = false;
const unfold = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") target.open = true;
};
addEventListener("hashchange", unfold);
unfold();
addEventListener("beforeprint", () => document.querySelectorAll("details.printed").forEach((d) => { d.open = true; }));
