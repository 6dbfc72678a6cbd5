const { layers, mayUse, apps } = require('./architecture.cjs')

// Every rule below is shown an offence by tests/architecture.test.ts, which fails for a rule without one.

const anyOf = (names) => `(${names.join('|')})`
const modules = Object.keys(mayUse)
const layerNames = layers.map((layer) => layer.name)
const web = `^apps/${anyOf(apps.web.names)}/`
const simulators = '^apps/simulators/'

const DOOR = '^modules/[^/]+/index\\.ts$'
// A test may reach anything; a folder named testing holds what tests share.
const TESTING = ['(^|/)testing/', '\\.test\\.tsx?$', '^tests/']
const SQL_SPEAKERS = [
  '^modules/[^/]+/store[^/]*\\.ts$',
  '^modules/.+-store\\.ts$',
  '^modules/[^/]+/tables\\.ts$',
  '^apps/cli/invariants',
  '^apps/bench/',
]

const layerRules = layers.map(({ name, holds, mayUse: used }) => ({
  name: `layer-${name}`,
  comment: `${name} (${holds}) may use: ${used.join(', ') || 'no other layer'}.`,
  severity: 'error',
  from: { path: `^${name}/`, pathNot: TESTING },
  to: {
    path: `^${anyOf([...layerNames, 'tests'].filter((n) => n !== name && !used.includes(n)))}/`,
  },
}))

const moduleRules = modules.map((name) => ({
  name: `${name}-may-use`,
  comment: `architecture.cjs lets ${name} use: ${mayUse[name].join(', ') || 'no other module'}.`,
  severity: 'error',
  from: { path: `^modules/${name}/`, pathNot: TESTING },
  to: { path: '^modules/', pathNot: `^modules/${anyOf([name, ...mayUse[name]])}/` },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    ...moduleRules,
    {
      name: 'kernel-needs-only-uuid',
      comment: 'The kernel runs in server and browser alike: one package, and nothing of Node.',
      severity: 'error',
      from: { path: '^kernel/', pathNot: TESTING },
      to: { path: 'node_modules/', pathNot: 'node_modules/uuid/' },
    },
    {
      name: 'no-node-in-the-kernel',
      comment: 'A browser has no node built-ins; what needs one belongs in platform/.',
      severity: 'error',
      from: { path: '^kernel/', pathNot: TESTING },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'enter-by-the-door',
      comment: 'From outside, import modules/<name>/index.ts and nothing deeper.',
      severity: 'error',
      from: { path: '^(?!modules/)', pathNot: TESTING },
      to: { path: '^modules/[^/]+/', pathNot: DOOR },
    },
    {
      name: 'enter-by-the-door-between-modules',
      comment: 'One module enters another by its index.ts.',
      severity: 'error',
      from: { path: '^modules/([^/]+)/', pathNot: TESTING },
      to: { path: '^modules/[^/]+/', pathNot: ['^modules/$1/', DOOR] },
    },
    {
      name: 'module-not-on-the-map',
      comment: 'A new module is first drawn: add it to architecture.cjs.',
      severity: 'error',
      from: { path: '^modules/', pathNot: `^modules/${anyOf(modules)}/` },
      to: {},
    },
    {
      name: 'adapters-stay-apart',
      comment: 'An adapter translates for one outside system; it knows no other adapter.',
      severity: 'error',
      from: { path: '^adapters/([^/]+/[^/]+)/', pathNot: TESTING },
      to: { path: '^adapters/', pathNot: '^adapters/$1/' },
    },
    {
      name: 'web-speaks-the-contract',
      comment: 'The web apps know the server by contract/ only. The kernel is theirs too.',
      severity: 'error',
      from: { path: web, pathNot: TESTING },
      to: {
        path: `^${anyOf([...layerNames, 'tests'].filter((n) => n !== 'apps' && !apps.web.mayUse.includes(n)))}/`,
      },
    },
    {
      name: 'web-apps-stay-apart',
      comment: 'The web apps share apps/web and no other app.',
      severity: 'error',
      from: { path: `^apps/(${apps.web.names.join('|')})/`, pathNot: TESTING },
      to: { path: '^apps/', pathNot: ['^apps/$1/', `^apps/${anyOf(apps.web.shared)}/`] },
    },
    {
      name: 'simulators-know-only-the-kernel',
      comment: 'The outside world shares no code with the hub: two readings of one document.',
      severity: 'error',
      from: { path: simulators, pathNot: TESTING },
      to: {
        path: `^(${layerNames.filter((n) => n !== 'apps' && !apps.simulators.mayUse.includes(n)).join('|')}|tests|apps/(?!simulators/))`,
      },
    },
    {
      name: 'simulators-stay-apart',
      comment:
        'A simulated system knows the kit, the world and itself. Only the launcher, a file directly in apps/simulators/, knows them all.',
      severity: 'error',
      from: { path: '^apps/simulators/([^/]+)/', pathNot: TESTING },
      to: {
        path: simulators,
        pathNot: `^apps/simulators/($1|${apps.simulators.shared.join('|')})/`,
      },
    },
    {
      name: 'simulators-are-met-over-the-wire',
      comment: 'Only what starts them (cli, bench, tests) may import the simulators.',
      severity: 'error',
      from: { path: '^', pathNot: [simulators, '^apps/(cli|bench)/', ...TESTING] },
      to: { path: simulators },
    },
    {
      name: 'sql-in-the-store',
      comment: "Only a module's stores and the platform speak SQL; invariants and bench read all.",
      severity: 'error',
      from: { path: '^(modules|adapters|apps)/', pathNot: [...SQL_SPEAKERS, ...TESTING] },
      to: { path: 'node_modules/(@types/)?(kysely|pg)/' },
    },
    {
      name: 'tests-are-not-imported',
      comment: 'What runs in production must not stand on what is written for tests.',
      severity: 'error',
      from: { path: '^', pathNot: TESTING },
      to: { path: TESTING, pathNot: 'node_modules/' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or lack a third. Types count too.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports and that imports nothing is dead.',
      severity: 'error',
      from: { orphan: true, pathNot: '\\.(d\\.ts|cjs|json|html|sql|md|css)$|\\.config\\.ts$' },
      to: {},
    },
    {
      name: 'no-undeclared-packages',
      comment: 'What is imported is named in package.json, and can be found.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true, // type-only imports count: they make cycles and cross layers too
    tsConfig: { fileName: `${__dirname}/tsconfig.web.json` },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
