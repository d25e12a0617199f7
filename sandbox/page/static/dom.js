// Elements without markup: whatever text comes in is set as text and can never become HTML.

/** Make an element: h("button", { class: "x", onclick: f, "aria-label": "y", hidden: false }, "text", child, null). */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/**
 * Bring a parent's children in line with a list, reusing what is there; the focus stays where it was.
 * `make(item, known)` draws a new one; one is drawn anew only where `version(item)` differs from last time.
 */
export function keep(parent, items, { key, version, make }) {
  const active = parent.contains(document.activeElement) ? document.activeElement : null;
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let heir = active;
  const nodes = items.map((item) => {
    const id = String(key(item));
    const mark = String(version(item));
    const known = old.get(id);
    if (known && known.dataset.version === mark) return known;
    const node = make(item, known || null);
    node.dataset.key = id;
    node.dataset.version = mark;
    if (known && known !== node && active && known.contains(active)) heir = twin(known, active, node);
    return node;
  });
  place(parent, nodes);
  if (heir && heir !== document.activeElement && parent.contains(heir)) heir.focus({ preventScroll: true });
  return nodes;
}

// What already stands right is not moved: moving loses the focus, and a live region reads it out again.
function place(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, at) => {
    if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] || null);
  });
}

// The element at the same spot of the new drawing; where there is none, the drawing itself.
function twin(from, active, to) {
  const path = [];
  for (let node = active; node !== from; node = node.parentElement) {
    path.unshift([...node.parentElement.children].indexOf(node));
  }
  const found = path.reduce((node, at) => node?.children[at], to);
  return found?.tagName === active.tagName && !found.disabled ? found : to;
}
