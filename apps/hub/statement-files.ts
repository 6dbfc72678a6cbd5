import { createHttpsFetcher } from '../../adapters/lists/https/index.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import type { Environment } from '../../modules/partners/index.ts'
import type { BankRow, Settlement } from '../../modules/settlement/index.ts'
import {
  createFolderStore,
  createStatementFiles,
  type StatementFiles,
  type StatementRow,
  statementRows,
} from '../../modules/statements/index.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Platform } from '../../platform/context.ts'
import type { Events, Publish } from '../../platform/events.ts'
import { systemActor } from '../../platform/principal.ts'
import type { Seal } from '../../platform/seal.ts'
import { createOutgoing } from './outgoing.ts'

const SYSTEM = systemActor('statements')
const ROWS_AT_ONCE = 500
/** Beside the data of whoever starts the hub without saying where. */
const USUAL_FOLDER = '.data/statement-files'

export type HubStatementFiles = ReturnType<typeof createHubStatementFiles>

/** The lists of banks, wallets and insurers that come as files; what a bank's statement shows as paid in is settled. */
export function createHubStatementFiles(options: StatementOptions, parts: StatementParts) {
  const { audit, publish, settlement } = parts
  const { statementFolder: folder = USUAL_FOLDER, newId } = options
  const store = createFolderStore({ folder, newId })
  const outgoing = createOutgoing({ allowLoopback: options.environment === 'sandbox' })
  const https = createHttpsFetcher({
    ...options,
    refusalOf: (origin) => outgoing.refusalOf(origin),
    outgoing: outgoing.dispatcher,
  })
  const statementFiles = createStatementFiles({
    ...options,
    audit,
    store,
    fetchers: new Map([['https', https]]),
    onTaken: (tx, { hospitalId, id, source, businessDate: date }) =>
      publish(tx, 'statements.taken', { hospitalId, fileId: id, source, date }),
    onLate: (tx, hospitalId, arrival) => {
      const { alarm, source, businessDate: date, state, lastError: reason } = arrival
      const told = { hospitalId, source, date, state, reason }
      return publish(tx, alarm === 'missing' ? 'statements.missing' : 'statements.late', told)
    },
  })
  return {
    statementFiles,
    onStatementTaken: (event: Events['statements.taken']) =>
      takeInReceipts(statementFiles, settlement, event),
  }
}

/** A schedule that names the hospital's own account is of its bank: what came in there are receipts, each taken in once. */
async function takeInReceipts(
  files: StatementFiles,
  settlement: Settlement,
  { hospitalId, fileId, source }: Events['statements.taken'],
): Promise<void> {
  const schedules = await files.schedulesOf(hospitalId)
  const account = schedules.find((schedule) => schedule.source === source)?.account
  if (!account) return
  const file = await files.file(hospitalId, fileId as Parameters<StatementFiles['file']>[1])
  const { businessDate } = file
  if (file.result.status !== 'taken' || businessDate === null) return
  const standing = await files.standing(hospitalId, source, businessDate)
  if (!standing) return
  for await (const rows of statementRows(standing.normal.stream())) {
    const receipts = rows.flatMap((row) => receiptOf(row, businessDate))
    for (let from = 0; from < receipts.length; from += ROWS_AT_ONCE) {
      const some = receipts.slice(from, from + ROWS_AT_ONCE)
      await settlement.takeInReceipts(hospitalId, { account, rows: some }, SYSTEM)
    }
  }
}

function receiptOf(row: StatementRow, date: BusinessDate): BankRow[] {
  if (row.kind !== 'payout' || row.providerNo === null || row.amountFen <= 0) return []
  const bookedOn = row.businessDate ?? (row.occurredAt ? businessDateOf(row.occurredAt) : date)
  const { providerNo: bankRef, amountFen, account, memo, ourNo } = row
  return [
    { bankRef, amountFen, bookedOn, payer: account ?? '', memo: [memo, ourNo].join(' ').trim() },
  ]
}

type StatementOptions = Platform & {
  /** Without it, no list is fetched, as nothing can be proven. */
  seal?: Seal
  environment?: Environment
  statementFolder?: string
  onError?: (error: unknown, about: { hospitalId: HospitalId; subject: string }) => void
}

type StatementParts = { audit: Audit; publish: Publish; settlement: Settlement }
