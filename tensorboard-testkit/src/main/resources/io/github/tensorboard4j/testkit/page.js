// Half of TensorBoard's pages are Angular, half are Polymer with a shadow root per element: every query walks through
// both. A selector matches within one root only.
const deep = (selector, root = document) => {
  const found = [];
  const walk = (node) => {
    for (const element of node.querySelectorAll('*')) {
      if (element.matches(selector)) found.push(element);
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  if (root.shadowRoot) walk(root.shadowRoot);
  walk(root);
  return found;
};

const visible = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0
      && element.checkVisibility({opacityProperty: true, visibilityProperty: true});
};

const CARDS = 'card-view, tf-scalar-card, tf-histogram-loader, tf-distribution-loader, tf-pr-curve-card, '
    + 'tf-custom-scalar-multi-line-chart-card, tf-custom-scalar-margin-chart-card, tf-mesh-loader';
const CHARTS = 'line-chart, tb-histogram, vz-line-chart2, vz-histogram-timeseries, vz-distribution-chart, '
    + 'tf-mesh-loader > canvas';
const CONTENTS = '#markdown > *, vaadin-grid-cell-content, tf-image-loader, tf-audio-loader, #root g.node, '
    + 'tf-hparams-parallel-coords-plot, tf-hparams-scatter-plot-matrix-plot';
const BUSY = 'mat-spinner, paper-spinner-lite[active]';
const MESSAGE = /^No\b.*\b(found|active)\b|\bdashboard is inactive\b|failed to load|^(An )?error\b|^(Could not|Unable to)\b/i;
const DIALOGS = 'mat-snack-bar-container, paper-toast';

const texts = () => deep('*')
    .filter((element) => !['SCRIPT', 'STYLE', 'TEMPLATE', 'TITLE'].includes(element.tagName) && visible(element))
    .flatMap((element) => [...element.childNodes])
    .filter((node) => node.nodeType === Node.TEXT_NODE)
    .map((node) => node.textContent.trim().replace(/\s+/g, ' '))
    .filter((text) => text);

const messages = () => [
  ...texts().filter((text) => MESSAGE.test(text)),
  ...deep(DIALOGS).filter(visible).map((element) => element.textContent.trim()),
];

const cards = () => deep(CARDS).filter(visible);

const page = {
  unfold: () => deep('button.heading:not([open-button]), button.group-toolbar:has([data-mat-icon-name^="expand_more"])')
      .filter(visible).map((button) => button.click()).length,

  settled: () => !deep(BUSY).some(visible)
      && (cards().length > 0 || deep(CONTENTS).some(visible) || messages().length > 0),

  cards: () => cards(),

  chart: (card) => {
    card.scrollIntoView({block: 'center'});
    const chart = deep(CHARTS, card).find(visible);
    return chart && page.title(card)[0] && !deep(BUSY, card).some(visible) ? chart : null;
  },

  title: (card) => {
    const shown = (selector) => deep(selector, card).map((element) => element.title)[0] ?? '';
    return card.matches('card-view')
        ? [shown('tb-truncated-path'), shown('card-run-name-component')]
        : [card.tag ?? card.title, card.run ?? ''];
  },

  rewind: () => deep('*').filter((element) => element.scrollTop > 0).forEach((element) => { element.scrollTop = 0; }),

  // The place of every node that can be seen: an animation has come to rest where two looks in a row find the same. A page
  // that has no graph says so instead; null while there is neither.
  layout: () => deep('#root g.node').filter(visible).map((node) => {
    const box = node.getBoundingClientRect();
    return [node.dataset.name, box.x, box.y, box.width, box.height].join(' ');
  }).join('\n') || messages().join('\n') || null,

  choose: (label) => {
    const item = deep('paper-item').find((choice) => choice.textContent.trim() === label);
    deep('#root g.node').forEach((node) => { node.dataset.old = 'true'; });
    item?.click();
    return Boolean(item);
  },

  click: (text) => {
    const same = (words) => words?.trim().toLowerCase() === text.toLowerCase();
    const found = deep('*').filter(visible).find((element) => same(element.title) || same(element.ariaLabel)
        || [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && same(node.textContent)));
    found?.click();
    return Boolean(found);
  },

  rebuilt: () => deep('#root g.node:not([data-old])').length > 0,

  frame: () => deep('iframe').find(visible) ?? null,

  // The projector says how many points it has once it has them all, and shows a dialog while it computes.
  projected: () => deep('.numDataPoints').some((count) => /^[1-9]/.test(count.textContent.trim()))
      && !deep('paper-dialog').some(visible),

  nodes: () => deep('#root g.node').filter(visible).map((node) => node.dataset.name),

  edges: () => deep('#root g.edge').map((edge) => edge.dataset.edge),

  // Each once: a second click, while a slow page hasn't answered the first, would close it again.
  expand: () => deep('#root g.node:is(.meta, .series):not(.expanded, [data-opened]) > .nodeshape > .buttoncontainer')
      .map((button) => {
        button.closest('g.node').dataset.opened = 'true';
        return button.dispatchEvent(new MouseEvent('click', {bubbles: true}));
      }).length,

  // Whole and with nothing selected.
  fit: () => {
    deep('tf-graph-scene').forEach((scene) => scene.fire('graph-select'));
    deep('paper-button').filter((button) => /Fit to screen/i.test(button.textContent)).forEach((button) => button.click());
  },

  texts,
  messages,
};
