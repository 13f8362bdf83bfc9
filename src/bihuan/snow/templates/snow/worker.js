{% load ui %}// Lets the telephone's page open where there is no network: the page as it was last seen, and what
// it needs to keep reports. Nothing else is kept, nothing is sent from here.
const KEPT = "bihuan-phone";
const PAGE = {{ page|as_json }};
const FILES = {{ files|as_json }};
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES)));
  self.skipWaiting();
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method === "GET" && (pathname === PAGE || FILES.includes(pathname))) {
    event.respondWith(newest(event.request));
  }
});

// The network first, for a few seconds; then what was kept.
async function newest(request) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok && !answer.redirected) await kept.put(request, answer.clone());
    else if (answer.redirected) await kept.delete(request); // signed out: the page goes too
    return answer;
  } catch (fault) {
    const found = await kept.match(request);
    if (found) return found;
    throw fault;
  }
}
