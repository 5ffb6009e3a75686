// What looking.py asks of the page it is put into; each answer is made of plain data.
({
  /** Names a thing for whoever reads what was found. */
  told(one) {
    const words = (one.ariaLabel ?? one.textContent ?? "").trim().slice(0, 30);
    return `${one.localName}#${one.id}.${one.className} "${words}"`;
  },

  /** What is wrong with headings and with the size of what can be pressed. */
  layout() {
    const faults = [];
    const headings = [...document.querySelectorAll("h1")].filter((one) => one.checkVisibility());
    if (headings.length !== 1) faults.push(`${headings.length} first headings`);
    const place = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
    for (const one of place.querySelectorAll("a[href], button, input, textarea, select")) {
      if (!one.checkVisibility({ visibilityProperty: true }) || one.matches(".skip")) continue;
      // A link among words may be as high as its line.
      const words = one.closest("p, dd");
      if (one.localName === "a" && words && words.textContent.trim() !== one.textContent.trim()) continue;
      const { width, height } = (one.closest("label") ?? one).getBoundingClientRect();
      const size = `${Math.round(width)} by ${Math.round(height)}`;
      if (width < 43.5 || height < 43.5) faults.push(`target of ${size}: ${this.told(one)}`);
    }
    return faults;
  },

  /** Buttons and links that are called the same and do not do the same, so that by name alone nobody can tell them apart. */
  sameNames(alike) {
    const place = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
    const called = new Map();
    for (const one of place.querySelectorAll("a[href], button, summary")) {
      if (!one.checkVisibility({ visibilityProperty: true })) continue;
      const label = document.getElementById(one.getAttribute("aria-labelledby") ?? "");
      const name = (one.ariaLabel ?? (label ?? one).textContent ?? "").replace(/\s+/g, " ").trim();
      called.set(name, [...(called.get(name) ?? []), one.href ?? one]);
    }
    const twice = [...called].filter(([name, those]) => new Set(those).size > 1 && !alike.includes(name));
    return twice.map(([name, those]) => `${those.length} are called "${name}"`);
  },

  /** What can be scrolled sideways, and what stands outside the page where nobody can scroll to it. */
  tooWide() {
    const faults = [];
    for (const one of [document.documentElement, ...document.querySelectorAll("body *")]) {
      if (!one.checkVisibility()) continue;
      const scrolls = one === document.documentElement || /auto|scroll/.test(getComputedStyle(one).overflowX);
      const over = one.scrollWidth - one.clientWidth;
      if (scrolls && over > 1) faults.push(`scrolls sideways by ${over}: ${this.told(one)}`);
      const words = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
      if (!words && !one.matches("button, input, textarea")) continue;
      if (one.closest(".unseen, .skip, [aria-hidden=true]")) continue;
      const { left, right } = one.getBoundingClientRect();
      if (left < -1 || right > innerWidth + 1) faults.push(`cut off: ${this.told(one)}`);
    }
    return faults;
  },

  /** Whether one can see that the focused thing, or what frames it, has the focus. Takes the focus away. */
  ring() {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return null;
    const frames = [focused, focused.parentElement, focused.nextElementSibling].filter((one) => one !== null);
    const look = () =>
      JSON.stringify(
        frames.map((one) => {
          const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor } = getComputedStyle(one);
          return [outlineStyle === "none" ? "" : outlineWidth + outlineColor, boxShadow, borderColor];
        }),
      );
    const { left, top, width, height } = focused.getBoundingClientRect();
    const over = document.elementFromPoint(left + width / 2, top + height / 2);
    const clear = over !== null && frames.some((one) => one.contains(over) || over.contains(one));
    const lit = look();
    focused.blur();
    return { name: this.told(focused), seen: lit !== look(), clear };
  },
});
