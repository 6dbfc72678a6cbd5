import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'

import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const load = createRequire(import.meta.url)
const { layers, mayUse, withMap } = load('../architecture.cjs') as Architecture
const config = load('../.dependency-cruiser.cjs') as { forbidden: { name: string }[] }

const modules = Object.keys(mayUse)
const SIMULATOR = 'simulators-know-only-the-kernel'

// A rule that never fires protects nothing, so each is shown one offence and must name it. A path
// as target is imported by its path, anything else by its name.
const OFFENCES: Edge[] = [
  ['kernel/money.ts', 'platform/db.ts', 'layer-kernel'],
  ['kernel/codec.ts', 'node_modules/kysely/index.js', 'kernel-needs-only-uuid'],
  ['kernel/hash.ts', 'fs', 'no-node-in-the-kernel'],
  ['platform/http.ts', 'modules/ledger/index.ts', 'layer-platform'],
  ['modules/payments/pay.ts', 'adapters/channels/bank/index.ts', 'layer-modules'],
  ['adapters/channels/bank/start.ts', 'apps/api/app.ts', 'layer-adapters'],
  ['contract/client.ts', 'modules/ledger/index.ts', 'layer-contract'],
  ['apps/worker/borrow.ts', 'tests/world.ts', 'layer-apps'],
  ['apps/api/shortcut.ts', 'modules/payments/store.ts', 'enter-by-the-door'],
  ['adapters/channels/bank/peek.ts', 'modules/payments/payment.ts', 'enter-by-the-door'],
  ['modules/payments/refund.ts', 'modules/ledger/store.ts', 'enter-by-the-door-between-modules'],
  ['modules/surprise/index.ts', 'kernel/time.ts', 'module-not-on-the-map'],
  ['adapters/channels/bank/sign.ts', 'adapters/channels/wallet/index.ts', 'adapters-stay-apart'],
  ['apps/console/page.ts', 'modules/payments/index.ts', 'web-speaks-the-contract'],
  ['apps/web/amount.ts', 'platform/db.ts', 'web-speaks-the-contract'],
  ['apps/patient/home.ts', 'apps/console/table.ts', 'web-apps-stay-apart'],
  ['apps/web/theme.ts', 'apps/api/app.ts', 'web-apps-stay-apart'],
  ['apps/simulators/bank/sign.ts', 'adapters/channels/wallet/index.ts', SIMULATOR],
  ['apps/simulators/bank/books.ts', 'platform/db.ts', SIMULATOR],
  ['apps/simulators/start.ts', 'apps/api/app.ts', SIMULATOR],
  ['apps/simulators/bank/borrow.ts', 'apps/simulators/his/his.ts', 'simulators-stay-apart'],
  ['apps/simulators/kit/favour.ts', 'apps/simulators/his/his.ts', 'simulators-stay-apart'],
  ['apps/api/sandbox.ts', 'apps/simulators/his/his.ts', 'simulators-are-met-over-the-wire'],
  ['modules/payments/plan.ts', 'node_modules/kysely/index.js', 'sql-in-the-store'],
  ['apps/api/report.ts', 'node_modules/pg/index.js', 'sql-in-the-store'],
  ['platform/boot.ts', 'platform/testing/database.ts', 'tests-are-not-imported'],
  ['modules/ledger/seed.ts', 'modules/ledger/ledger.test.ts', 'tests-are-not-imported'],
  ['modules/ledger/cycle-a.ts', 'modules/ledger/cycle-b.ts', 'no-cycles'],
  ['modules/ledger/forgotten.ts', 'modules/ledger/forgotten.ts', 'no-orphans'],
  ['platform/mail.ts', 'node_modules/undeclared/index.js', 'no-undeclared-packages'],
  ['platform/typo.ts', 'no-such-package', 'no-undeclared-packages'],
  ...modules.map((name): Edge => [
    `modules/${name}/reach.ts`,
    `modules/${outOfReachOf(name)}/index.ts`,
    `${name}-may-use`,
  ]),
]

// What must stay possible: a rule that forbids too much is found here, not by the next author.
const ALLOWED: [from: string, to: string][] = [
  ['kernel/id.ts', 'node_modules/uuid/index.js'],
  ['kernel/money.test.ts', 'fs'],
  ['modules/payments/book.ts', 'modules/ledger/index.ts'],
  ['modules/payments/store.ts', 'node_modules/kysely/index.js'],
  ['modules/payments/store-refund.ts', 'node_modules/kysely/index.js'],
  ['modules/payments/refund/refund-store.ts', 'node_modules/kysely/index.js'],
  ['modules/payments/tables.ts', 'node_modules/kysely/index.js'],
  ['modules/payments/payments.pg.test.ts', 'modules/ledger/store.ts'],
  ['platform/db.ts', 'node_modules/pg/index.js'],
  ['platform/testing/world.ts', 'modules/ledger/store.ts'],
  ['adapters/channels/bank/port.ts', 'modules/payments/index.ts'],
  ['adapters/channels/bank/bank.test.ts', 'apps/simulators/his/his.ts'],
  ['apps/api/app.ts', 'adapters/channels/bank/index.ts'],
  ['apps/cli/up.ts', 'apps/simulators/index.ts'],
  ['apps/cli/invariants.ts', 'node_modules/pg/index.js'],
  ['apps/bench/load.ts', 'node_modules/pg/index.js'],
  ['apps/patient/pay.ts', 'contract/client.ts'],
  ['apps/patient/total.ts', 'kernel/money.ts'],
  ['apps/patient/look.ts', 'apps/web/look.ts'],
  ['apps/simulators/index.ts', 'apps/simulators/his/his.ts'],
  ['apps/simulators/his/his.ts', 'apps/simulators/kit/simulator.ts'],
  ['apps/simulators/bank/serve.ts', 'apps/simulators/world/world.ts'],
  ['apps/simulators/his/clock.ts', 'kernel/time.ts'],
  ['tests/world.ts', 'modules/payments/store.ts'],
]

it('every architecture rule fires on its offence, and on nothing that is allowed', async () => {
  const edges = [...OFFENCES, ...ALLOWED]
  expect(new Set(edges.map(([from]) => from)).size, 'one file, one import').toBe(edges.length)

  const { imports, violations } = await inScratchTree(async (dir) => {
    for (const [, to] of edges) await writeTarget(dir, to)
    for (const [from, to] of edges) await writeImport(dir, from, to)
    await writeFile(join(dir, 'modules/ledger/cycle-b.ts'), "import type {} from './cycle-a.ts'\n")
    await writeFile(join(dir, 'modules/ledger/forgotten.ts'), 'export {}\n')
    return cruise(dir)
  })

  for (const [from, to, rule] of OFFENCES) expect(violations).toContain(`${from} → ${to}: ${rule}`)
  for (const [from, to] of ALLOWED) {
    expect(imports).toContain(`${from} → ${to}`)
    expect(violations.filter((line) => line.startsWith(`${from} → ${to}:`))).toEqual([])
  }
}, 60_000)

it('no rule goes without an offence', () => {
  const drilled = new Set(OFFENCES.map(([, , rule]) => rule))
  expect(config.forbidden.map((rule) => rule.name).filter((name) => !drilled.has(name))).toEqual([])
})

it('the map names the modules that exist, each after those it uses', () => {
  expect(readdirSync(join(ROOT, 'modules')).toSorted()).toEqual(modules.toSorted())
  for (const [i, name] of modules.entries()) {
    expect(modules.slice(0, i), name).toEqual(expect.arrayContaining(mayUse[name] ?? []))
  }
})

it('the layers stand in the order in which they use each other', () => {
  for (const [i, { name, mayUse: used }] of layers.entries()) {
    const above = layers.slice(0, i).map((layer) => layer.name)
    expect(above, name).toEqual(expect.arrayContaining(used))
    expect(existsSync(join(ROOT, name)), name).toBe(true)
  }
})

it('ARCHITECTURE.md draws the map as it is (else: node architecture.cjs --draw)', () => {
  const page = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
  expect(page).toBe(withMap(page))
})

/** Some module that the map keeps from this one: every module has one, or the map says nothing. */
function outOfReachOf(name: string): string {
  const target = modules.find((other) => other !== name && !mayUse[name]?.includes(other))
  if (target === undefined) throw new Error(`${name} may use every module: nothing to show it`)
  return target
}

async function inScratchTree<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'architecture-'))
  try {
    const declared = { uuid: '1', kysely: '1', pg: '1' }
    await writeFile(join(dir, 'package.json'), JSON.stringify({ dependencies: declared }))
    return await work(dir)
  } finally {
    await rm(dir, { recursive: true })
  }
}

async function writeTarget(dir: string, to: string) {
  if (!to.includes('/')) return
  await write(join(dir, to), 'export {}\n')
  const [, name] = /^node_modules\/([^/]+)\/index\.js$/.exec(to) ?? []
  if (name === undefined) return
  await write(join(dir, dirname(to), 'package.json'), JSON.stringify({ name, main: 'index.js' }))
}

async function writeImport(dir: string, from: string, to: string) {
  const [, name] = /^node_modules\/([^/]+)\//.exec(to) ?? []
  const specifier =
    name ?? (to.includes('/') ? relative(dirname(from), to).replace(/^(?!\.)/, './') : to)
  await write(join(dir, from), `import '${specifier}'\n`)
}

async function cruise(dir: string): Promise<{ imports: string[]; violations: string[] }> {
  const bin = join(ROOT, 'node_modules/.bin/depcruise')
  const options = ['--config', join(ROOT, '.dependency-cruiser.cjs'), '-T', 'json', '.']
  const { stdout } = await promisify(execFile)(bin, options, { cwd: dir, maxBuffer: 50_000_000 })
  const { modules: files, summary } = JSON.parse(stdout) as Cruise
  return {
    imports: files.flatMap(({ source, dependencies }) =>
      dependencies.map(({ resolved }) => `${source} → ${resolved}`),
    ),
    violations: summary.violations.map(({ from, to, rule }) => `${from} → ${to}: ${rule.name}`),
  }
}

async function write(path: string, text: string) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

type Cruise = {
  modules: { source: string; dependencies: { resolved: string }[] }[]
  summary: { violations: { from: string; to: string; rule: { name: string } }[] }
}
type Edge = [from: string, to: string, rule: string]
type Architecture = {
  layers: { name: string; mayUse: string[] }[]
  mayUse: Record<string, string[]>
  withMap: (page: string) => string
}
