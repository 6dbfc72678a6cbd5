import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addDays, type BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Dated } from './compare.ts'
import type { ListLine } from './day.ts'
import type { Identity } from './identity.ts'
import type { ReconciliationTables } from './tables.ts'

// Lists as they came, their lines, and how they compared: the one place that writes these tables.

type StatementRow = Selectable<ReconciliationTables['reconciliation.statement']>
type LineRow = Selectable<ReconciliationTables['reconciliation.line']>

/** One list of one party for one day. Versions count from one. */
export type Statement = {
  businessDate: BusinessDate
  source: string
  version: number
  form: StatementRow['form']
  sha256: string
  comparedWith: string | null
  lineCount: number
  chargeFen: Fen
  returnFen: Fen
  feeFen: Fen | null
  receivedAt: Date
}

const tables = (tx: Tx) => tx.withTables<ReconciliationTables>()

export async function insertStatement(
  tx: Tx,
  hospitalId: HospitalId,
  statement: Statement,
  content: string,
  lines: readonly ListLine[],
): Promise<void> {
  const { businessDate: business_date, source, version } = statement
  const key = { hospital_id: hospitalId, business_date, source, version }
  await tables(tx)
    .insertInto('reconciliation.statement')
    .values({
      ...key,
      form: statement.form,
      sha256: statement.sha256,
      compared_with: statement.comparedWith,
      content,
      line_count: statement.lineCount,
      charge_fen: statement.chargeFen,
      return_fen: statement.returnFen,
      fee_fen: statement.feeFen,
      received_at: statement.receivedAt,
    })
    .execute()
  for (let from = 0; from < lines.length; from += ROWS_AT_ONCE) {
    await tables(tx)
      .insertInto('reconciliation.line')
      .values(
        lines.slice(from, from + ROWS_AT_ONCE).map((line, i) => ({
          ...key,
          line_no: from + i + 1,
          kind: line.kind,
          our_no: line.ourNo,
          provider_no: line.providerNo,
          amount_fen: line.amountFen,
          at: line.at,
          basis: line.basis,
          fee_fen: line.feeFen ?? null,
        })),
      )
      .execute()
  }
}

// A statement takes at most 65,535 parameters.
const ROWS_AT_ONCE = 2_000

export async function findStatement(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  source: string,
  version: number,
): Promise<Statement | null> {
  const row = await tables(tx)
    .selectFrom('reconciliation.statement')
    .select(STATEMENT_COLUMNS)
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', businessDate)
    .where('source', '=', source)
    .where('version', '=', version)
    .executeTakeFirst()
  return row ? toStatement(row) : null
}

/** All versions there were of a list, the newest first; without their content. */
export async function statementsOf(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  source: string,
): Promise<Statement[]> {
  const rows = await tables(tx)
    .selectFrom('reconciliation.statement')
    .select(STATEMENT_COLUMNS)
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', businessDate)
    .where('source', '=', source)
    .orderBy('version', 'desc')
    .execute()
  return rows.map(toStatement)
}

// All but the content, which may be large.
const STATEMENT_COLUMNS = [
  'business_date',
  'source',
  'version',
  'form',
  'sha256',
  'compared_with',
  'line_count',
  'charge_fen',
  'return_fen',
  'fee_fen',
  'received_at',
] as const

export async function linesOf(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  source: string,
  version: number,
): Promise<ListLine[]> {
  const rows = await tables(tx)
    .selectFrom('reconciliation.line')
    .select(['kind', 'our_no', 'provider_no', 'amount_fen', 'at', 'basis', 'fee_fen'])
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', businessDate)
    .where('source', '=', source)
    .where('version', '=', version)
    .orderBy('line_no')
    .execute()
  return rows.map(toLine)
}

/** Lines with one of these numbers on the newest lists of the two days before and the two after. */
export async function nearbyLines(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  source: string,
  ourNos: readonly string[],
): Promise<Dated<ListLine>[]> {
  if (ourNos.length === 0) return []
  const { rows } = await sql<Omit<LineRow, 'hospital_id' | 'source' | 'version' | 'line_no'>>`
    select l.business_date, l.kind, l.our_no, l.provider_no, l.amount_fen, l.at, l.basis,
      l.fee_fen
    from reconciliation.line l
    join reconciliation.arrival a on a.hospital_id = l.hospital_id
      and a.business_date = l.business_date and a.source = l.source
      and a.newest_version = l.version
    where l.hospital_id = ${hospitalId} and a.hospital_id = ${hospitalId}
      and l.source = ${source} and l.our_no = any(${[...ourNos]}::text[])
      and l.business_date >= ${addDays(businessDate, -2)}
      and l.business_date <= ${addDays(businessDate, 2)}
      and l.business_date <> ${businessDate}`.execute(tx)
  return rows.map((row) => ({ ...toLine(row), date: row.business_date }))
}

export type Comparison = {
  version: number
  statementVersion: number
  figures: Identity
  digest: string
  comparedAt: Date
}

export async function newestComparison(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  source: string,
): Promise<Comparison | null> {
  const row = await tables(tx)
    .selectFrom('reconciliation.comparison')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', businessDate)
    .where('source', '=', source)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  const { version, figures, digest } = row
  const { statement_version: statementVersion, compared_at: comparedAt } = row
  return { version, statementVersion, figures, digest, comparedAt }
}

export async function insertComparison(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  source: string,
  comparison: Comparison,
): Promise<void> {
  await tables(tx)
    .insertInto('reconciliation.comparison')
    .values({
      hospital_id: hospitalId,
      business_date: businessDate,
      source,
      version: comparison.version,
      statement_version: comparison.statementVersion,
      figures: JSON.stringify(comparison.figures),
      digest: comparison.digest,
      compared_at: comparison.comparedAt,
    })
    .execute()
}

const toStatement = (row: Pick<StatementRow, (typeof STATEMENT_COLUMNS)[number]>): Statement => ({
  businessDate: row.business_date,
  source: row.source,
  version: row.version,
  form: row.form,
  sha256: row.sha256,
  comparedWith: row.compared_with,
  lineCount: row.line_count,
  chargeFen: row.charge_fen,
  returnFen: row.return_fen,
  feeFen: row.fee_fen,
  receivedAt: row.received_at,
})

const toLine = (
  row: Pick<LineRow, 'kind' | 'our_no' | 'provider_no' | 'amount_fen' | 'at' | 'basis' | 'fee_fen'>,
): ListLine => ({
  kind: row.kind,
  ourNo: row.our_no,
  providerNo: row.provider_no,
  amountFen: row.amount_fen,
  at: row.at,
  basis: row.basis,
  feeFen: row.fee_fen,
})
