import { createHash } from 'node:crypto'

import { addFen, ZERO } from '../../../kernel/money.ts'
import { addDays, type BusinessDate, businessDateOf, instantAt } from '../../../kernel/time.ts'
import type { StatementAnswer, StatementRequest } from '../../../modules/payments/index.ts'
import { type Account, type BankPosDeps, type Call, unknown } from './account.ts'
import { type DayFile, dayFileName, type DayRow, readDayFile } from './day-file.ts'
import type { TraceRecord } from './trace-numbers.ts'

export type DayFiles = {
  statement(call: Call, request: StatementRequest): Promise<StatementAnswer>
  /** The rows of one of the bank's days; null while the file is not there, or cannot be had or trusted. */
  rowsOf(call: Call, date: BusinessDate): Promise<DayRow[] | null>
}

/** The bank's files of its days. Where its day ends before midnight, a business date is made of two of them. */
export function createDayFiles(account: Account, deps: BankPosDeps): DayFiles {
  const { merchantId, dayFile } = account.params
  return { statement, rowsOf }

  async function statement(
    call: Call,
    { hospitalId, businessDate }: StatementRequest,
  ): Promise<StatementAnswer> {
    const next = addDays(businessDate, 1)
    const dates = dayFile.cutOver === '00:00:00' ? [businessDate] : [businessDate, next]
    const read: (DayFile & { outcome: 'read' })[] = []
    for (const date of dates) {
      const file = await fetch(call, date)
      if (file.outcome !== 'read') return file
      read.push(file)
    }
    const rows = read
      .flatMap((file) => file.rows)
      .filter((row) => businessDateOf(row.at) === businessDate)
    const at = { hospitalId, provider: account.name }
    const records = await deps.traces.usedBetween(at, addDays(businessDate, -1), next)
    const content = read.map((file) => file.content).join('')
    return {
      outcome: 'lines',
      lines: toLines(rows, records),
      feeFen: rows.reduce((total, row) => addFen(total, row.feeFen), ZERO),
      content,
      sha256: createHash('sha256').update(content).digest('hex'),
    }
  }

  async function rowsOf(call: Call, date: BusinessDate): Promise<DayRow[] | null> {
    const file = await fetch(call, date)
    return file.outcome === 'read' ? file.rows : null
  }

  async function fetch(call: Call, date: BusinessDate): Promise<Fetched> {
    const startedAt = deps.clock.now()
    const name = dayFileName(merchantId, date)
    const { file, text } = await readFile(account, deps, name, date)
    call.trace({
      system: account.name,
      operation: 'day file',
      direction: 'out',
      request: name,
      response: text,
      outcome: file.outcome,
      startedAt,
      durationMs: deps.clock.now().getTime() - startedAt.getTime(),
    })
    return file
  }
}

async function readFile(
  account: Account,
  deps: BankPosDeps,
  name: string,
  date: BusinessDate,
): Promise<{ file: Fetched; text: string }> {
  const { merchantId, dayFile } = account.params
  if (deps.clock.now() < instantAt(addDays(date, 1), dayFile.readyAt)) {
    const reason = `files are there from ${dayFile.readyAt} of the next day`
    return { file: { outcome: 'not_ready', reason }, text: reason }
  }
  try {
    const bytes = await deps.dayFile(name)
    if (bytes === null) {
      return { file: { outcome: 'not_ready', reason: `${name} is not there` }, text: 'not there' }
    }
    const file = readDayFile(bytes, merchantId, date)
    return { file, text: `${bytes.length} bytes` }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { file: unknown(`the file cannot be had: ${reason}`), text: reason }
  }
}

/** The bank knows its own numbers only; ours stand beside them in what we keep. */
function toLines(rows: readonly DayRow[], records: readonly TraceRecord[]) {
  const ourNumbers = new Map(
    records.map((record) => [numberOf(record), { ourNo: record.ourNo, kind: record.kind }]),
  )
  return rows.map((row) => {
    const found = ourNumbers.get(numberOf(row))
    const { kind, providerNo, amountFen, at, feeFen } = row
    const ourNo = found?.kind === kind ? found.ourNo : numberOf(row).replaceAll('/', '-')
    return { kind, ourNo, providerNo, amountFen, at, feeFen }
  })
}

const numberOf = ({ terminal, batch, trace }: { terminal: string; batch: string; trace: string }) =>
  `${terminal}/${batch}/${trace}`

type Fetched =
  | DayFile
  | { outcome: 'not_ready'; reason: string }
  | { outcome: 'unknown'; reason: string }
