import type { HospitalId } from '../../kernel/id.ts'
import { addFen, type Fen, fen, ZERO } from '../../kernel/money.ts'
import { type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { movementsUntil } from '../ledger/index.ts'
import { custodyBetween, type CustodyRow, insertCustody } from './custody-store.ts'
import type { SettlementDependencies } from './dependencies.ts'
import { settlementErrors } from './errors.ts'

/** What the hospital owes depositors, by the module of deposits. */
const OWED_DEPOSITORS = 'owed/depositors'

export type CustodyDay = {
  date: BusinessDate
  /** As the banks say, all custody accounts together. */
  balanceFen: Fen
  /** As the books say at the end of the day, with what was booked for it since. */
  owedFen: Fen
  /** Above zero: the banks have more. */
  differenceFen: Fen
  accounts: { account: string; balanceFen: Fen; toldBy: string; toldAt: Date }[]
}

/** What a bank says is in a custody account at the end of a day. Errors: day_not_over. */
export async function tellCustody(
  deps: SettlementDependencies,
  hospitalId: HospitalId,
  told: { account: string; date: BusinessDate; balanceFen: Fen },
  actor: Actor,
): Promise<void> {
  const { account, date, balanceFen } = told
  const now = deps.clock.now()
  if (date >= businessDateOf(now)) throw settlementErrors.day_not_over({ date })
  await inHospital(deps.db, hospitalId, async (tx) => {
    const known = await custodyBetween(tx, hospitalId, { from: date, to: date })
    const before = known.find((row) => row.account === account)
    if (before?.balance_fen === balanceFen) return
    const row = {
      hospital_id: hospitalId,
      account,
      business_date: date,
      version: (before?.version ?? 0) + 1,
      balance_fen: balanceFen,
      owed_fen: await owedAt(tx, hospitalId, date),
      told_by: actor.name,
      told_at: now,
    }
    const isNew = await insertCustody(tx, row)
    await deps.audit(tx, hospitalId, actor, {
      action: 'settlement.custody',
      subject: `bank:${account}`,
      outcome: isNew ? 'done' : 'told_meanwhile',
      detail: { date, balanceFen },
    })
  })
}

/** For each day that a bank told a balance of. */
export const custodyDays = (
  { db }: SettlementDependencies,
  hospitalId: HospitalId,
  range: { from: BusinessDate; to: BusinessDate },
): Promise<CustodyDay[]> =>
  inHospital(db, hospitalId, async (tx) => {
    const rows = await custodyBetween(tx, hospitalId, range)
    const days: CustodyDay[] = []
    for (const date of new Set(rows.map((row) => row.business_date))) {
      const ofDay = rows.filter((row) => row.business_date === date)
      days.push(dayOf(date, ofDay, await owedAt(tx, hospitalId, date)))
    }
    return days
  })

function dayOf(date: BusinessDate, rows: readonly CustodyRow[], owedFen: Fen): CustodyDay {
  const balanceFen = addFen(ZERO, ...rows.map((row) => row.balance_fen))
  const accounts = rows.map((row) => ({
    account: row.account,
    balanceFen: row.balance_fen,
    toldBy: row.told_by,
    toldAt: row.told_at,
  }))
  return { date, balanceFen, owedFen, differenceFen: fen(balanceFen - owedFen), accounts }
}

async function owedAt(tx: Tx, hospitalId: HospitalId, date: BusinessDate): Promise<Fen> {
  const { debitFen, creditFen } = await movementsUntil(tx, hospitalId, OWED_DEPOSITORS, date)
  return fen(creditFen - debitFen)
}
