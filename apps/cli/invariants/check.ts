import type pg from 'pg'

import { assert } from '../../../kernel/assert.ts'
import { fen, formatYuan } from '../../../kernel/money.ts'
import { openPool } from '../../../platform/db.ts'
import { type Invariant, NOT_YET, numberOf, readInvariants } from './invariant.ts'

export type InvariantResult = {
  id: string
  title: string
  state: 'held' | 'broken' | 'not_applicable'
  violations: number
  /** What was looked at: 'debits ¥1,234.00 = credits ¥1,234.00 over 812 transfers'. */
  figure: string
  /** The first of the violations, in words, each with its hospital. */
  sample: string[]
}

type InvariantOptions = {
  url: string
  /** The role to read in; without one, the role that signs in. Both see the same of a sound database. */
  role?: string
  /** What is overdue is so at this moment. */
  now: Date
  /** Only those of these ids; all without it. */
  only?: readonly string[]
}

const SAMPLE_ROWS = 20
const STATEMENT_TIMEOUT_MS = 120_000
const MOST_HOSPITALS = 5_000

/**
 * Looks whether a running database holds to what the system promises: hospital by hospital, each in one
 * snapshot, and read only. Errors: throws when the database cannot be read, naming what could not.
 */
export async function checkInvariants(options: InvariantOptions): Promise<InvariantResult[]> {
  const { url, role, now, only } = options
  const pool = openPool({
    url,
    ...(role === undefined ? {} : { role }),
    maxConnections: 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  })
  try {
    const client = await pool.connect()
    try {
      return await checkAll(client, now, only)
    } finally {
      client.release(true)
    }
  } finally {
    await pool.end()
  }
}

async function checkAll(
  client: pg.PoolClient,
  now: Date,
  only: readonly string[] | undefined,
): Promise<InvariantResult[]> {
  const isWanted = ({ id }: { id: string }) => only === undefined || only.includes(id)
  const findings = readInvariants()
    .filter(isWanted)
    .map((invariant): Finding => ({
      invariant,
      violations: 0,
      sample: [],
      figures: new Map(),
    }))
  await inSnapshot(client, null, () =>
    lookAll(client, ofScope(findings, 'database'), { hospital: null, now }),
  )
  for (const hospital of await hospitalsIn(client)) {
    await inSnapshot(client, hospital, () =>
      lookAll(client, ofScope(findings, 'hospital'), { hospital, now }),
    )
  }
  return [...findings.map(resultOf), ...NOT_YET.filter(isWanted).map(notApplicable)].toSorted(
    (a, b) => numberOf(a) - numberOf(b),
  )
}

const ofScope = (findings: readonly Finding[], scope: Invariant['scope']) =>
  findings.filter(({ invariant }) => invariant.scope === scope)

/** Hospitals, and lenders, whose books are kept as a hospital's are. */
async function hospitalsIn(client: pg.PoolClient): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `select id from hospitals.hospital union all select lender_id from credit.lender
      order by id limit $1`,
    [MOST_HOSPITALS],
  )
  return rows.map((row) => row.id)
}

/** One state of the database for all that is read, and nothing can be written. */
async function inSnapshot(
  client: pg.PoolClient,
  hospital: number | null,
  work: () => Promise<void>,
): Promise<void> {
  await client.query('begin isolation level repeatable read read only')
  if (hospital !== null) {
    assert(Number.isSafeInteger(hospital), `${hospital} is a hospital's number`)
    // A literal, since SET takes no parameters; it was checked above to be a whole number.
    await client.query(`set local app.hospital_id = '${hospital}'`)
  }
  await work()
  await client.query('commit')
}

async function lookAll(
  client: pg.PoolClient,
  findings: readonly Finding[],
  scope: Scope,
): Promise<void> {
  for (const finding of findings) {
    await look(client, finding, scope).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`${finding.invariant.id} cannot be checked: ${reason}`, { cause: error })
    })
  }
}

async function look(client: pg.PoolClient, finding: Finding, scope: Scope): Promise<void> {
  const { invariant, sample, figures } = finding
  const found = await client.query<{ violation: string; total: number }>(
    bind(
      `select violation, count(*) over () as total from (${invariant.violations}) found
      order by violation limit ${SAMPLE_ROWS}`,
      scope,
    ),
  )
  finding.violations += found.rows[0]?.total ?? 0
  const where = scope.hospital === null ? '' : `hospital ${scope.hospital}: `
  for (const { violation } of found.rows) {
    if (sample.length < SAMPLE_ROWS) sample.push(`${where}${violation}`)
  }
  const { rows } = await client.query<Record<string, number>>(bind(invariant.figures, scope))
  for (const [name, value] of Object.entries(rows[0] ?? {})) {
    figures.set(name, (figures.get(name) ?? 0) + value)
  }
}

/** $hospital and $now as numbered parameters. The server wants no more of them than a statement names. */
function bind(text: string, { hospital, now }: Scope): pg.QueryConfig {
  const values: (number | Date | null)[] = []
  const given = {
    hospital: { value: hospital, type: 'int' },
    now: { value: now, type: 'timestamptz' },
  }
  const bound = Object.entries(given).reduce((sql, [name, { value, type }]) => {
    const placeholder = new RegExp(`\\$${name}\\b`, 'g')
    if (!placeholder.test(sql)) return sql
    values.push(value)
    return sql.replaceAll(placeholder, `$${values.length}::${type}`)
  }, text)
  return { text: bound, values }
}

function resultOf({ invariant, violations, sample, figures }: Finding): InvariantResult {
  const { id, title } = invariant
  const figure = invariant.figureText.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = figures.get(name) ?? 0
    return name.endsWith('_fen') ? `¥${formatYuan(fen(value))}` : value.toLocaleString('en-US')
  })
  return { id, title, state: violations === 0 ? 'held' : 'broken', violations, figure, sample }
}

const notApplicable = ({ id, title, why }: (typeof NOT_YET)[number]): InvariantResult => ({
  id,
  title,
  state: 'not_applicable',
  violations: 0,
  figure: `not applicable yet: ${why}`,
  sample: [],
})

type Finding = {
  invariant: Invariant
  violations: number
  sample: string[]
  figures: Map<string, number>
}
type Scope = { hospital: number | null; now: Date }
