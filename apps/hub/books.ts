import { join } from 'node:path'

import type { HospitalId } from '../../kernel/id.ts'
import { addFen, ZERO } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { createAccounting, missingVouchers } from '../../modules/accounting/index.ts'
import type { HospitalBilling } from '../../modules/hospitals/index.ts'
import type { Insurance } from '../../modules/insurance/index.ts'
import type { Ledger } from '../../modules/ledger/index.ts'
import type { Environment } from '../../modules/partners/index.ts'
import {
  amountOf,
  createStanding,
  incomeOf,
  isChannel,
  movesOfDay,
  type OnError,
  type Payments,
  type ProvidersOf,
} from '../../modules/payments/index.ts'
import {
  type BooksOfDays,
  createReconciliation,
  type ListFile,
  newestLists,
} from '../../modules/reconciliation/index.ts'
import {
  createSettlement,
  type OwnPart,
  partsByOwn,
  type ProviderList,
} from '../../modules/settlement/index.ts'
import { type StatementFiles, statementRows } from '../../modules/statements/index.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Platform } from '../../platform/context.ts'
import type { Tx } from '../../platform/db.ts'
import type { Publish } from '../../platform/events.ts'
import type { Seal } from '../../platform/seal.ts'
import { createCallsForPersons } from './calls-for-persons.ts'
import { createHubStatementFiles } from './statement-files.ts'

export type Books = ReturnType<typeof createBooks>

/** What is compared with others' lists, what they are to pay out, and what goes to the hospitals' own books. */
export function createBooks(options: BooksOptions, parts: BooksParts) {
  const { ledger, audit, publish, providersOf, systemOf, payments, insurance } = parts
  const common = { ...options, audit, publish }
  const listsOf = (tx: Tx, hospitalId: HospitalId, date: BusinessDate) =>
    paidOutLists(tx, providersOf, hospitalId, date)
  const settlement = createSettlement({ ...common, ledger, listsOf })
  const files = createHubStatementFiles(options, { audit, publish, settlement })
  const reconciliation = createReconciliation({
    ...common,
    ledger,
    providersOf,
    systemOf,
    payments: { ...payments, ...createStanding(options.db) },
    reverseUnknown: insurance.reverseUnknown,
    books: booksOfDays(ledger),
    listFile: listFileOf(files.statementFiles),
    ...matchingFolderOf(options),
  })
  const { db } = options
  return {
    settlement,
    ...files,
    accounting: createAccounting({ ...common, incomeOf }),
    reconciliation,
    callsForPersons: createCallsForPersons({ ...files, db, reconciliation, settlement }),
  }
}

/** The list of a source that came as a file and counts, for whoever compares it. */
const listFileOf =
  ({ standing }: Pick<StatementFiles, 'standing'>) =>
  async (hospitalId: HospitalId, source: string, date: BusinessDate): Promise<ListFile | null> => {
    const list = await standing(hospitalId, source, date)
    if (!list) return null
    const { normal } = list
    const bytes = () => normal.stream()
    return { sha256: normal.sha256, bytes, rows: () => statementRows(bytes()) }
  }

/** Whole files are compared beside where they are kept. */
const matchingFolderOf = ({ statementFolder }: BooksOptions) =>
  statementFolder === undefined ? {} : { matchingFolder: join(statementFolder, 'matching') }

/** A closed day takes no entry more, and its vouchers are there. */
const booksOfDays = (ledger: Ledger): BooksOfDays => ({
  missing: missingVouchers,
  close: async (tx, hospitalId, businessDate, actor) =>
    void (await ledger.closeDate(tx, hospitalId, { businessDate, actor: actor.name })),
  reopen: async (tx, hospitalId, businessDate, actor) =>
    void (await ledger.reopenDate(tx, hospitalId, { businessDate, actor: actor.name })),
})

/** The lists of those who pay out to the hospital; funds, deposits and credit lines are books of the region's own. */
async function paidOutLists(
  tx: Tx,
  providersOf: ProvidersOf,
  hospitalId: HospitalId,
  date: BusinessDate,
): Promise<ProviderList[]> {
  const providers = await providersOf(hospitalId)
  const lists: ProviderList[] = []
  for (const { source, sha256, chargeFen, returnFen, feeFen, lines } of await newestLists(
    tx,
    hospitalId,
    date,
  )) {
    const provider = providers.get(source)
    if (!INSURERS.includes(source) && !(provider && isChannel(provider))) continue
    const own = ownParts(await movesOfDay(tx, hospitalId, date, source))
    lists.push({
      provider: source,
      parts: partsByOwn({ chargeFen, returnFen }, own),
      feeFen,
      lines,
      digest: sha256,
    })
  }
  return lists
}

const INSURERS: readonly string[] = ['insurance', 'commercial']

function ownParts(moves: Awaited<ReturnType<typeof movesOfDay>>): OwnPart[] {
  const parts = new Map<string, OwnPart>()
  for (const { kind, parts: moved } of moves) {
    for (const { kind: part } of moved) {
      const known = parts.get(part) ?? { part, chargeFen: ZERO, returnFen: ZERO }
      const side = kind === 'charge' ? 'chargeFen' : 'returnFen'
      parts.set(part, { ...known, [side]: addFen(known[side], amountOf(moved, part)) })
    }
  }
  return [...parts.values()].toSorted((a, b) => (a.part < b.part ? -1 : 1))
}

type BooksOptions = Platform & {
  seal?: Seal
  environment?: Environment
  statementFolder?: string
  onError?: OnError
}

type BooksParts = {
  ledger: Ledger
  audit: Audit
  publish: Publish
  providersOf: ProvidersOf
  systemOf: (hospitalId: HospitalId) => Promise<HospitalBilling | null>
  payments: Payments
  insurance: Pick<Insurance, 'reverseUnknown'>
}
