// A table that is wider than the page can be scrolled with the keyboard.
document.addEventListener("DOMContentLoaded", () => {
  const mark = () => {
    for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) box.tabIndex = 0;
  };
  mark();
  new MutationObserver(mark).observe(document.body, { childList: true, subtree: true });
});
