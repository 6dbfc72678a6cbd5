import { fen, type Fen } from '../../../kernel/money.ts'
import type { Engine } from './engine.ts'
import { checked, runOn } from './engine.ts'
import { matchingErrors } from './errors.ts'
import { compareRows, ROW_KINDS, type RowKind, type SideRow } from './row.ts'
import type { PayoutRelation, RowsRelation } from './rules.ts'

/** What the strongest rule matched, and every row of a number of which not all sides say the same. */
export type Bulk = {
  agreed: Record<RowKind, { groups: number; amountFen: Fen }>
  /** Of the numbers and amounts agreed on, whatever their order: two runs over the same rows have the same one. */
  digest: string
  rest: SideRow[]
}

/** Of one number on one side, so many rows are looked at one by one; the others are folded into one. */
const ROWS_OF_A_NUMBER = 20

/**
 * Holds all sides against each other by the strongest number, in one pass: all rows of one number, of whichever side,
 * are one group. It agrees when each side has exactly one row in it and all say the same.
 *
 * Nothing is joined, so a number that stands a million times on each side makes a million rows and no million millions.
 * Groups are by a hash of 64 bits: two numbers that share one do not agree as one group and are looked at exactly.
 *
 * Errors: throws matching_too_different when more than `mostOpen` numbers do not agree: that is another hospital's or
 * another day's file, and nothing that anybody could work off.
 */
export async function matchBulk(
  engine: Engine,
  relation: RowsRelation,
  mostOpen: number,
): Promise<Bulk> {
  const { connection } = engine
  return runOn(relation.sides.join(', '), async () => {
    await connection.run('drop table if exists open_numbers')
    await connection.run(groupsSql(engine, relation))
    const figures = await connection.runAndReadAll(FIGURES_SQL)
    const agreed = agreedOf(figures.getRowObjectsJS())
    const [counted] = (await connection.runAndReadAll(OPEN_SQL)).getRowObjectsJS()
    const open = Number(counted?.open ?? 0)
    if (open > mostOpen) throw matchingErrors.matching_too_different({ open, most: mostOpen })
    await connection.run('drop table if exists rest')
    await connection.run(restSql(engine, relation))
    await assertNumbered(connection, mostOpen)
    const rest = await readRest(connection)
    return { ...agreed, rest }
  })
}

/** What a provider must have paid out of each batch, and what the bank received, as rows of kind payout. */
export async function readBatches(engine: Engine, relation: PayoutRelation): Promise<SideRow[]> {
  return runOn(`${relation.provider}, ${relation.bank}`, async () => {
    const result = await engine.connection.runAndReadAll(batchesSql(engine, relation))
    return result
      .getRowObjectsJS()
      .map((row) => toRow(row))
      .sort(compareRows)
  })
}

const keyOf = (relation: RowsRelation, side: string) => relation.key.columns[side] ?? 'our_no'

const kindsOf = (relation: RowsRelation) =>
  relation.kinds.map((kind) => ROW_KINDS.indexOf(kind) + 1).join(', ')

// The kind travels in the lowest bits of the amount, which has 53.
const KIND_BITS = 8

function groupsSql(engine: Engine, relation: RowsRelation): string {
  const sets = sameSets(relation)
  const rows = relation.sides.map((side, i) => {
    const same = sets.map(
      ({ columns, sides }, x) =>
        `, ${sides.includes(side) ? `hash(${columns.join(', ')})` : 'null::ubigint'} as x${x}`,
    )
    const key = keyOf(relation, side)
    return `select hash(${key}, kind) as k, amount_fen * ${KIND_BITS} + kind_code as a,
      ${1 << i}::utinyint as m${same.join('')}
      from ${engine.rowsOf(relation.id, side)} where kind_code in (${kindsOf(relation)}) and ${key} is not null`
  })
  const count = relation.sides.length
  const agree = [
    `count(*) = ${count} and bit_or(m) = ${(1 << count) - 1} and min(a) = max(a)`,
    ...sets.map((_, x) => `min(x${x}) is not distinct from max(x${x})`),
  ].join(' and ')
  return `create temp table open_numbers as
    select if(ok, null, k) as k, if(ok, a % ${KIND_BITS}, null) as kind_code, count(*) as groups,
      sum(if(ok, a // ${KIND_BITS}, 0)) as fen, bit_xor(if(ok, hash(k, a), 0)) as digest
    from (select k, min(a) as a, ${agree} as ok from (${rows.join(' union all ')}) group by k)
    group by all`
}

/** Columns that the same sides compare are hashed together. */
function sameSets({ same }: RowsRelation): { columns: string[]; sides: readonly string[] }[] {
  const sets = new Map<string, { columns: string[]; sides: readonly string[] }>()
  for (const { column, sides } of same) {
    const name = sides.toSorted().join()
    const set = sets.get(name) ?? { columns: [], sides }
    set.columns.push(column)
    sets.set(name, set)
  }
  return [...sets.values()]
}

const FIGURES_SQL = `select kind_code::int as kind_code, groups::varchar as groups, fen::varchar as fen,
  digest::varchar as digest from open_numbers where k is null order by kind_code`

const OPEN_SQL = 'select count(k)::double as open from open_numbers'

function agreedOf(rows: readonly Record<string, unknown>[]): Pick<Bulk, 'agreed' | 'digest'> {
  const of = (kind: RowKind) => {
    const row = rows.find(({ kind_code: code }) => code === ROW_KINDS.indexOf(kind) + 1)
    return { groups: Number(row?.groups ?? 0), amountFen: fen(Number(row?.fen ?? 0)) }
  }
  const digest = rows.reduce<bigint>((xor, row) => xor ^ BigInt(String(row.digest)), 0n)
  return {
    agreed: { charge: of('charge'), return: of('return'), fee: of('fee'), payout: of('payout') },
    digest: digest.toString(16).padStart(16, '0'),
  }
}

const CELLS = `line_no, kind, our_no, provider_no, amount_fen, fee_fen, occurred_at, business_date, account, memo`

/**
 * Every row of a number that does not agree, and every row without a number, which has k = 0. The rows are cut down to
 * those before anything is made of their cells. Of all others the cells that anything compares were checked when they
 * were grouped.
 */
function restSql(engine: Engine, relation: RowsRelation): string {
  const kinds = relation.kinds.map((kind) => `'${kind}'`).join(', ')
  const rows = relation.sides.map((side) => {
    const key = keyOf(relation, side)
    return `select '${side}' as side, ${key}::varchar as key, if(${key} is null, 0, hash(${key}, kind)) as k, ${CELLS}
      from ${engine.statedRowsOf(relation.id, side)} where kind in (${kinds})`
  })
  const few = `(select r.* from (${rows.join(' union all ')}) r
    semi join (select k from open_numbers where k is not null union all select 0::ubigint) o on r.k = o.k)`
  return `create temp table rest as select side, key, k, ${CELLS} from (${checked(few, 'side, key, k,')})`
}

async function assertNumbered(connection: Engine['connection'], mostOpen: number): Promise<void> {
  const result = await connection.runAndReadAll(
    `select count(*) filter (key is null)::double as bare, any_value(side || ', line ' || line_no) filter (
      contains(concat(${CELLS.replace('line_no, ', '')}), chr(0))) as nul from rest`,
  )
  const [row] = result.getRowObjectsJS()
  const bare = Number(row?.bare ?? 0)
  if (bare > mostOpen) throw matchingErrors.matching_too_different({ open: bare, most: mostOpen })
  if (typeof row?.nul === 'string') {
    throw matchingErrors.matching_side_unreadable({ side: row.nul, reason: 'it holds a NUL' })
  }
}

const TOTAL_ORDER = `amount_fen, coalesce(provider_no, ''), coalesce(our_no, ''), coalesce(occurred_at, ''),
  coalesce(business_date, ''), coalesce(account, ''), coalesce(fee_fen, 0), coalesce(memo, ''), line_no`

// Of a number with very many rows, those whose amount another side has too come first and are not folded away.
const REST_SQL = `with shared as (
    select *, min(side) over same_amount <> max(side) over same_amount as is_shared
    from rest window same_amount as (partition by k, amount_fen)),
  placed as (
    select *, if(key is null, 1, row_number() over (
      partition by side, k order by is_shared desc, ${TOTAL_ORDER})) as place from shared)
  select side, key, 1.0::double as lines, line_no::double as line_no, kind, our_no, provider_no,
    amount_fen::double as amount_fen, fee_fen::double as fee_fen, occurred_at, business_date, account, memo
  from placed where place <= ${ROWS_OF_A_NUMBER}
  union all
  select side, min(key), count(*)::double, min(line_no)::double, min(kind), min(our_no), null,
    sum(amount_fen)::double, null, null, null, null, null
  from placed where place > ${ROWS_OF_A_NUMBER} group by side, k`

async function readRest(connection: Engine['connection']): Promise<SideRow[]> {
  const result = await connection.runAndReadAll(REST_SQL)
  return result
    .getRowObjectsJS()
    .map((row) => toRow(row))
    .sort(compareRows)
}

function batchesSql(engine: Engine, relation: PayoutRelation): string {
  const { provider, bank, providerBatch, bankBatch } = relation
  const batch = (columns: readonly string[]) =>
    columns.map((column) => `coalesce(${column}, '')`).join(` || ' ' || `)
  return `select '${provider}' as side, ${batch(providerBatch)} as key, 1.0::double as lines,
      min(line_no)::double as line_no, 'payout' as kind, null as our_no, null as provider_no,
      sum(case kind_code when 1 then amount_fen - coalesce(fee_fen, 0) when 2 then -amount_fen - coalesce(fee_fen, 0)
        when 3 then -amount_fen else amount_fen end)::double as amount_fen,
      null::double as fee_fen, null as occurred_at, max(business_date) as business_date, min(account) as account,
      min(memo) as memo
    from ${engine.rowsOf(relation.id, provider)} group by 2
    union all
    select '${bank}', ${batch(bankBatch)}, 1.0::double, line_no::double, kind, our_no, provider_no,
      amount_fen::double, fee_fen::double, occurred_at, business_date, account, memo
    from ${engine.rowsOf(relation.id, bank)} where kind_code = 4`
}

const text = (value: unknown) => (typeof value === 'string' ? value : null)

function toRow(row: Record<string, unknown>): SideRow {
  const kind = ROW_KINDS.find((known) => known === row.kind) ?? 'charge'
  return {
    side: String(row.side),
    key: text(row.key),
    lines: Number(row.lines),
    lineNo: Number(row.line_no),
    kind,
    ourNo: text(row.our_no),
    providerNo: text(row.provider_no),
    amountFen: fen(Number(row.amount_fen)),
    feeFen: row.fee_fen === null ? null : fen(Number(row.fee_fen)),
    occurredAt: text(row.occurred_at),
    businessDate: text(row.business_date),
    account: text(row.account),
    memo: text(row.memo),
  }
}
