// The architecture as data: .dependency-cruiser.cjs turns it into rules, tests/architecture.test.ts
// shows each rule an offence, and ARCHITECTURE.md carries the drawing made from it. To change the
// architecture, change this file, then run: node architecture.cjs --draw

/**
 * The top-level folders of code, each with the others it may use. In order: a layer uses only those
 * above it in this list. `contract` stands beside them and is what web apps and servers share.
 */
const layers = [
  { name: 'kernel', holds: 'words everyone shares; runs in a browser too', mayUse: [] },
  { name: 'platform', holds: 'technical kit: database, HTTP, events, wakes', mayUse: ['kernel'] },
  { name: 'modules', holds: 'the business, one folder each', mayUse: ['kernel', 'platform'] },
  {
    name: 'adapters',
    holds: 'one folder for each outside system',
    mayUse: ['kernel', 'platform', 'modules'],
  },
  { name: 'contract', holds: 'the published interface, generated', mayUse: ['kernel'] },
  {
    name: 'apps',
    holds: 'what runs',
    mayUse: ['kernel', 'platform', 'modules', 'adapters', 'contract'],
  },
]

/**
 * Which module may use which. A module not in a list is out of reach; a module not listed at all
 * fails the check. In order: a module uses only those above it, so the map has no cycles.
 */
const mayUse = {
  hospitals: [],
  ledger: [],
  sealing: [],
  identity: ['hospitals'],
  'person-index': ['identity'],
  payments: ['ledger', 'hospitals'],
  channels: ['payments', 'hospitals'],
  catalogue: ['hospitals'],
  insurance: ['payments', 'hospitals', 'identity', 'catalogue'],
  coverage: ['payments', 'hospitals', 'identity'],
  benefits: ['payments', 'ledger', 'hospitals', 'identity'],
  deposits: ['payments', 'ledger', 'hospitals', 'identity'],
  credit: ['payments', 'ledger', 'hospitals', 'identity'],
  billing: ['payments', 'insurance', 'hospitals', 'identity'],
  booking: ['payments', 'hospitals', 'identity'],
  family: ['identity'],
  'record-sharing': ['hospitals', 'identity', 'booking'],
  queue: ['identity', 'booking'],
  registry: [],
  statements: [],
  reconciliation: ['ledger', 'payments', 'insurance', 'hospitals'],
  partners: ['payments', 'hospitals', 'identity'],
  settlement: ['ledger'],
  accounting: ['ledger'],
  fhir: [
    'hospitals',
    'identity',
    'person-index',
    'payments',
    'coverage',
    'deposits',
    'billing',
    'booking',
    'reconciliation',
    'partners',
    'record-sharing',
  ],
}

/**
 * The apps that are no servers: what each may use instead of everything, and which of their own
 * folders they share.
 */
const apps = {
  web: {
    names: ['patient', 'console', 'web'],
    mayUse: ['kernel', 'contract'],
    shared: ['web'],
    because: 'a browser knows the server by its contract',
  },
  simulators: {
    names: ['simulators'],
    mayUse: ['kernel'],
    shared: ['kit', 'world'],
    because: 'the outside world is met over the wire',
  },
}

/** The drawing between the two markers of ARCHITECTURE.md, as one fenced block. */
function drawMap() {
  const uses = (names) => (names.length === 0 ? 'nothing' : names.join(', '))
  const rows = [
    ['layer', 'may use', 'holds'],
    ...layers.map((layer) => [layer.name, uses(layer.mayUse), layer.holds]),
    [],
    ['app', 'may use', 'instead of all that, because'],
    ...Object.values(apps).map((app) => [app.names.join(', '), uses(app.mayUse), app.because]),
    [],
    ['module', 'may enter, by its index.ts'],
    ...Object.entries(mayUse).map(([name, used]) => [name, uses(used)]),
  ]
  const widths = [0, 1].map((column) =>
    Math.max(...rows.filter((row) => row.length === 3).map((row) => row[column].length)),
  )
  const line = (row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('   ')
  return ['```', ...rows.map((row) => line(row).trimEnd()), '```'].join('\n')
}

const MARKED = /(<!-- map:start -->\n)[\s\S]*?(<!-- map:end -->)/

/** The page with its drawing made anew. Throws when the two markers are not there. */
function withMap(page) {
  if (!MARKED.test(page)) throw new Error('ARCHITECTURE.md has lost its map markers')
  return page.replace(MARKED, (_all, start, end) => `${start}${drawMap()}\n${end}`)
}

module.exports = { layers, mayUse, apps, drawMap, withMap }

if (require.main === module && process.argv.includes('--draw')) {
  const { readFileSync, writeFileSync } = require('node:fs')
  const path = `${__dirname}/ARCHITECTURE.md`
  writeFileSync(path, withMap(readFileSync(path, 'utf8')))
}
