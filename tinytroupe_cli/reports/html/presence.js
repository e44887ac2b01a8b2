// Tells the server that this page is open, and when it is closed: `troupe run --view` serves as long as one is.

const BEAT = 5000; // milliseconds

function startPresence() {
  const page = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const tell = (what) =>
    fetch(`${document.body.dataset.home}${what}?page=${page}`, { keepalive: true }).catch(() => {}); // it has stopped
  window.addEventListener("pagehide", () => tell("left"));
  window.addEventListener("pageshow", () => tell("open"));
  setInterval(() => tell("open"), BEAT);
}

if (document.body.dataset.home) startPresence();
