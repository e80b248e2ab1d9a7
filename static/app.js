// The console works without this file; it only makes it quicker. It runs before htmx.
(() => {
  "use strict";
  const doc = document;

  // Every string that becomes markup passes here (the page's policy demands it). Nothing that the console sends as a part of
  // a page holds a script, so one that does is refused as a whole: fail closed, do not clean.
  window.trustedTypes?.createPolicy("default", {
    createHTML(markup) {
      if (/<script/i.test(markup)) throw new TypeError("markup that holds a script is refused");
      return markup;
    },
  });

  doc.documentElement.classList.add("js");

  const say = (text) => {
    const said = doc.getElementById("said");
    if (said) said.textContent = text;
  };

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(button.value || button.previousElementSibling.textContent);
    } catch {
      return say("Not copied. Select it and copy it by hand.");
    }
    say("Copied");
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 1600);
  };

  // A page that this browser asked for goes on by itself. One that was gone back to, or loaded anew, waits for its button:
  // else nobody could leave it.
  const onward = doc.querySelector("form[data-go]");
  if (onward && doc.visibilityState === "visible" && performance.getEntriesByType("navigation")[0]?.type === "navigate") onward.requestSubmit();

  const menus = () => doc.querySelectorAll("details.menu[open]");

  doc.addEventListener("click", (event) => {
    const button = event.target.closest(".copy,[data-copy]");
    if (button) copy(button);
    if (event.target.closest("[data-print]")) print();
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });

  doc.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of menus()) {
        menu.open = false;
        menu.firstElementChild.focus();
      }
      return;
    }
    const typing = event.target.closest("input,select,textarea,[contenteditable]");
    const find = doc.getElementById("q");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing || !find) return;
    event.preventDefault();
    find.select();
    find.focus();
  });

  // Fields left empty stay out of the address, so that equal lists have equal addresses.
  doc.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    for (const [name, value] of [...ctx.request.body]) if (value === "") ctx.request.body.delete(name);
  });

  // An answer that is a whole page (signed out, refused, failed) is not a part: the browser goes there itself.
  const go = (ctx) => location.assign(ctx.request.action);
  doc.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (!ctx.response.raw.redirected && !/^\s*<!doctype/i.test(ctx.text)) return;
    event.preventDefault();
    go(ctx);
  });
  doc.addEventListener("htmx:error", ({ detail: { ctx } }) => ctx?.request?.action && go(ctx));

  // What changed is said, and the focus does not fall back to the top of the page.
  doc.addEventListener("htmx:after:swap", () => {
    const part = doc.querySelector("[data-part]");
    if (!part) return;
    say(part.querySelector("[data-say]")?.textContent ?? "");
    if (doc.activeElement === doc.body) part.focus({ preventScroll: true });
  });
})();
