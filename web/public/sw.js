/**
 * Keeps the page itself on the device, so that it opens without a connection. Nothing else: no answer of the
 * server's API is ever kept, and no address but those of the built files, so the store does not tell which groups
 * or invites were opened.
 *
 * `manifest.sha256` lists every built file with its hash and so names a version. On each visit with a connection it is
 * looked at; a new version is fetched whole before it takes the place of the old one, which stays until the next.
 */
const PREFIX = "shell ";
const KEEP = 2;

async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The stores of the page, oldest first. */
async function shells() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

/** Fetches the version the server has now, unless it is here already. */
async function refresh() {
  const answer = await fetch("/manifest.sha256", { cache: "no-cache" });
  if (!answer.ok) return;
  const list = await answer.text();
  const name = PREFIX + (await sha256(list));
  if (await caches.has(name)) return;
  const files = list.split("\n").flatMap((line) => (line === "" ? [] : [`/${line.slice(66)}`]));
  const shell = await caches.open(name);
  try {
    await shell.addAll(files.filter((file) => file !== "/sw.js").map((file) => (file === "/index.html" ? "/" : file)));
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
  const older = (await shells()).filter((other) => other !== name);
  await Promise.all(older.slice(0, 1 - KEEP).map((other) => caches.delete(other)));
}

/** What a proxy answers whose server is away. */
const AWAY = [502, 503, 504];

/** A screen: the server's page, or the newest kept one when there is no connection, or a proxy that has no server. */
async function screen(request) {
  try {
    const answer = await fetch(request);
    return AWAY.includes(answer.status) ? ((await keptScreen()) ?? answer) : answer;
  } catch (error) {
    const kept = await keptScreen();
    if (kept) return kept;
    throw error;
  }
}

async function keptScreen() {
  const newest = (await shells()).at(-1);
  return newest && (await caches.open(newest)).match("/");
}

/** A built file: its address changes with its content, so a kept one is right. */
async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(refresh());
});

/** A reminder that was touched leads to the page. */
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then(([open]) => (open ? open.focus() : self.clients.openWindow("/"))),
  );
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || url.pathname.startsWith("/v1/")) return;
  if (request.mode === "navigate") {
    event.respondWith(screen(request));
    event.waitUntil(refresh().catch(() => undefined));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith(file(request));
  }
});
