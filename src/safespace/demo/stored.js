// Asks once a second for what is new and puts it on top.
const rows = document.getElementById("envelopes");
const counts = document.getElementById("counts");
let last = 0;

function cell(text) {
  const element = document.createElement("td");
  element.textContent = String(text);
  return element;
}

async function look() {
  const answer = await fetch(`/stored.json?after=${last}`);
  const stored = await answer.json();
  counts.replaceChildren(
    ...Object.entries(stored.counts).map(([name, count]) => {
      const pair = document.createElement("div");
      const term = document.createElement("dt");
      const value = document.createElement("dd");
      term.textContent = name;
      value.textContent = String(count);
      pair.append(term, value);
      return pair;
    }),
  );
  for (const envelope of stored.envelopes.reverse()) {
    const row = document.createElement("tr");
    const time = new Date(envelope.time).toLocaleTimeString();
    row.append(...[envelope.seq, time, envelope.kind, envelope.epoch, envelope.size, envelope.body].map(cell));
    rows.prepend(row);
    last = envelope.seq;
  }
  while (rows.children.length > 40) rows.lastElementChild.remove();
}

async function watch() {
  try {
    await look();
  } finally {
    setTimeout(watch, 1000);
  }
}

watch();
