import { createHash } from 'node:crypto'

import type { HospitalId } from '../../kernel/id.ts'
import { addFen, type Fen, ZERO } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Exchange } from '../../platform/exchange.ts'
import type { HisDayList } from '../hospitals/index.ts'
import { movesOfDay, type RecordedMove, type StatementAnswer } from '../payments/index.ts'
import { keyOf } from './compare.ts'
import { HIS, hisChargeNo, type ListLine } from './day.ts'
import type { ListFile, ListFileRow, ReconciliationDependencies } from './dependencies.ts'
import { digestOf, rowOfMove } from './own-rows.ts'

/** What came of asking a party for its list of a day. */
export type Fetched =
  | FetchedList
  | { outcome: 'refused'; code: string; reason: string }
  /** `notBefore`: when it is expected, where that is known. */
  | Nothing

type Nothing = { outcome: 'nothing'; reason: string; notBefore: Date | null }

export type FetchedList = {
  outcome: 'list'
  form: 'lines' | 'compared'
  lines: ListLine[]
  feeFen: Fen | null
  content: string
  sha256: string
  comparedWith: string | null
}

/** Asks a party for its list, outside of any transaction. A list that cannot be trusted is refused whole. */
export async function fetchList(
  dependencies: ReconciliationDependencies,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  source: string,
): Promise<{ fetched: Fetched; exchanges: Exchange[] }> {
  const exchanges: Exchange[] = []
  const trace = (exchange: Exchange) => void exchanges.push(exchange)
  const asked = { dependencies, hospitalId, businessDate, trace }
  const fetched = await ask(asked, source).catch((error: unknown): Fetched =>
    nothing(error instanceof Error ? error.message : String(error)),
  )
  return { fetched: fetched.outcome === 'list' ? proven(fetched) : fetched, exchanges }
}

/** A list that came as a file is the list, whoever else could be asked. */
async function ask(asked: Asked, source: string): Promise<Fetched> {
  const { dependencies, hospitalId, businessDate } = asked
  const file = await dependencies.listFile?.(hospitalId, source, businessDate)
  if (file) return listOfFile(file)
  return source === HIS ? askHospital(asked) : askProvider(asked, source)
}

/** The list of a day that came as a file, as if its party had been asked for it. */
async function listOfFile(file: ListFile): Promise<FetchedList> {
  const lines: ListLine[] = []
  let feeFen: Fen | null = null
  for await (const rows of file.rows()) {
    for (const row of rows) {
      if (row.kind === 'charge' || row.kind === 'return') lines.push(lineOf(row, row.kind))
      const fee = row.kind === 'fee' ? row.amountFen : row.feeFen
      if (fee !== null && row.kind !== 'payout') feeFen = addFen(feeFen ?? ZERO, fee)
    }
  }
  const { sha256 } = file
  // The bytes stay where files are kept: a list may be larger than what a row should hold.
  const content = JSON.stringify({ file: sha256 })
  return { outcome: 'list', form: 'lines', lines, feeFen, content, sha256, comparedWith: null }
}

const lineOf = (row: ListFileRow, kind: ListLine['kind']): ListLine => ({
  kind,
  ourNo: row.ourNo ?? row.providerNo ?? '',
  providerNo: row.providerNo ?? '',
  amountFen: row.amountFen,
  at: row.occurredAt,
  basis: 'stated',
  feeFen: row.feeFen,
})

async function askHospital({
  dependencies,
  hospitalId,
  businessDate,
  trace,
}: Asked): Promise<Fetched> {
  const system = await dependencies.systemOf(hospitalId)
  if (!system) return nothing('the hospital is not connected')
  const answer = await system.dayList({ trace }, businessDate)
  switch (answer.outcome) {
    case 'ok':
      return listOfHospital(answer.data)
    case 'refused':
      return nothing(`${answer.code}: ${answer.detail.message}`)
    case 'unknown':
      return nothing(answer.reason)
  }
}

function listOfHospital(list: HisDayList): Fetched {
  const lines = list.rows.map((row): ListLine => ({
    kind: row.kind === 'payment' ? 'charge' : 'return',
    ourNo:
      row.kind === 'payment'
        ? hisChargeNo(row.paymentNo, row.billNo)
        : (row.refundNo ?? hisChargeNo(row.paymentNo, row.billNo)),
    providerNo: row.receiptNo,
    amountFen: row.amountFen,
    at: row.at,
    basis: 'stated',
  }))
  // In one order, so that the same rows turned over on other pages are the same list.
  lines.sort((a, b) => (`${keyOf(a)} ${a.providerNo}` < `${keyOf(b)} ${b.providerNo}` ? -1 : 1))
  const rows = list.rows.map((row) => JSON.stringify(row)).toSorted()
  const content = [JSON.stringify(list.totals), ...rows].join('\n')
  const sha256 = createHash('sha256').update(content).digest('hex')
  return {
    outcome: 'list',
    form: 'lines',
    lines,
    feeFen: null,
    content,
    sha256,
    comparedWith: null,
  }
}

async function askProvider(
  { dependencies, hospitalId, businessDate, trace }: Asked,
  source: string,
): Promise<Fetched> {
  const provider = (await dependencies.providersOf(hospitalId)).get(source)
  if (!provider) return nothing('the hospital is not connected')
  const ownMoves = await inHospital(dependencies.db, hospitalId, (tx) =>
    movesOfDay(tx, hospitalId, businessDate, source),
  )
  const request = { hospitalId, businessDate, ownMoves }
  const answer = await provider.statement({ hospitalId, trace }, request)
  return listOfProvider(answer, ownMoves)
}

function listOfProvider(answer: StatementAnswer, ownMoves: readonly RecordedMove[]): Fetched {
  switch (answer.outcome) {
    case 'lines': {
      const { feeFen, content, sha256 } = answer
      const lines = answer.lines.map((line): ListLine => ({ ...line, basis: 'stated' }))
      return { outcome: 'list', form: 'lines', lines, feeFen, content, sha256, comparedWith: null }
    }
    case 'compared':
      return listOfComparison(answer, ownMoves)
    case 'refused':
      return { outcome: 'refused', code: answer.code, reason: answer.reason }
    case 'not_ready':
      return { ...nothing(answer.reason), notBefore: answer.notBefore ?? null }
    case 'unknown':
      return nothing(answer.reason)
  }
}

/**
 * A party that compares by itself tells only what differs. With what it agreed to, which is ours, that is its
 * list, so that one comparison, one identity and one listing serve every party.
 */
function listOfComparison(
  answer: Extract<StatementAnswer, { outcome: 'compared' }>,
  ownMoves: readonly RecordedMove[],
): Fetched {
  const { agreed, theirsOnly, oursOnly, amountDiffers, content, sha256 } = answer
  if (agreed + oursOnly.length + amountDiffers.length !== ownMoves.length) {
    const reason = `it agrees to ${agreed} of ${ownMoves.length} and names another number of differences`
    return { outcome: 'refused', code: 'sums', reason }
  }
  const own = ownMoves.map(rowOfMove)
  const missing = new Set(oursOnly.map(keyOf))
  const theirsFen = new Map(
    amountDiffers.map((differing) => [keyOf(differing), differing.theirsFen]),
  )
  const lines = own.flatMap((row, i): ListLine[] => {
    if (missing.has(keyOf(row))) return []
    const stated = theirsFen.get(keyOf(row))
    const { kind, ourNo, at } = row
    const amountFen = stated ?? row.amountFen
    const basis = stated === undefined ? 'agreed' : 'stated'
    return [{ kind, ourNo, providerNo: ownMoves[i]?.providerNo ?? '', amountFen, at, basis }]
  })
  for (const line of theirsOnly) lines.push({ ...line, basis: 'stated' })
  const comparedWith = digestOf(own)
  return { outcome: 'list', form: 'compared', lines, feeFen: null, content, sha256, comparedWith }
}

const MOST_LINES = 2_000_000
const MOST_NUMBER_CHARACTERS = 200

/** What no adapter should let through, and the database would not take. */
function proven(list: FetchedList): Fetched {
  const refused = (code: string, reason: string): Fetched => ({ outcome: 'refused', code, reason })
  if (list.lines.length > MOST_LINES) return refused('layout', `more than ${MOST_LINES} lines`)
  if (list.content.includes('\0')) return refused('encoding', 'there is a zero byte in it')
  for (const { kind, ourNo, providerNo, amountFen } of list.lines) {
    if (amountFen < 0) return refused('sums', `${kind} ${ourNo} is of less than nothing`)
    const isText = [ourNo, providerNo].every(
      (no) => no.length <= MOST_NUMBER_CHARACTERS && !no.includes('\0'),
    )
    if (!isText) return refused('layout', 'a number is longer than any, or is no text')
  }
  return list
}

const nothing = (reason: string): Nothing => ({ outcome: 'nothing', reason, notBefore: null })

type Asked = {
  dependencies: ReconciliationDependencies
  hospitalId: HospitalId
  businessDate: BusinessDate
  trace: (exchange: Exchange) => void
}
