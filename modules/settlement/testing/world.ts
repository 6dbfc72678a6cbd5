import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { type BusinessDate, businessDate, type Clock } from '../../../kernel/time.ts'
import { createAudit } from '../../../platform/audit.ts'
import { noCanaries } from '../../../platform/canary.ts'
import { inHospital } from '../../../platform/db.ts'
import { deliverEvents, createPublish, type Events } from '../../../platform/events.ts'
import { systemActor } from '../../../platform/principal.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import type { TestDatabase } from '../../../platform/testing/database.ts'
import { balancesOf, createLedger } from '../../ledger/index.ts'
import type { ContractTerms } from '../contract.ts'
import type { ProviderList } from '../dependencies.ts'
import { createSettlement, type Settlement } from '../settlement.ts'
import { walletContract } from './terms.ts'

export const FIRST = systemActor('first')
export const SECOND = systemActor('second')

/** A hospital with lists that a test writes, and what settlement told. */
export function createWorld(db: TestDatabase, hospitalId: HospitalId, start: string) {
  const { clock, newId } = testPlatform(start, `settlement-${hospitalId}`)
  const lists = new Map<string, ProviderList>()
  const ledger = createLedger({ clock, newId, canaries: noCanaries })
  const settlement = createSettlement({
    db,
    clock,
    newId,
    ledger,
    audit: createAudit({ clock, newId }),
    publish: createPublish({ clock, newId, wake: () => undefined }),
    listsOf: async (_tx, _hospitalId, date) =>
      [...lists].filter(([key]) => key.startsWith(date)).map(([, list]) => list),
  })
  return {
    clock,
    ledger,
    settlement,
    /** Charges, and below zero returns, of a date; with the fee as billed. */
    setList(provider: string, date: string, amounts: readonly number[], feeFen: number | null) {
      const lines = amounts.map((amount, i) => ({
        kind: amount > 0 ? ('charge' as const) : ('return' as const),
        ourNo: `${date}-${i}`,
        amountFen: fen(Math.abs(amount)),
        feeFen: null as ReturnType<typeof fen> | null,
      }))
      const sum = (kind: string) =>
        fen(lines.reduce((total, l) => total + (l.kind === kind ? l.amountFen : 0), 0))
      const list: ProviderList = {
        provider,
        parts: [{ part: 'self_pay', chargeFen: sum('charge'), returnFen: sum('return') }],
        feeFen: feeFen === null ? null : fen(feeFen),
        lines,
        digest: JSON.stringify([amounts, feeFen]),
      }
      lists.set(`${date} ${provider}`, list)
      return list
    },
    async agree(provider: string, content: ContractTerms = walletContract()) {
      const validFrom = businessDate('2026-01-01')
      const terms = { kind: 'contract' as const, name: provider, validFrom, content }
      const id = await settlement.proposeTerms(hospitalId, terms, FIRST)
      const decision = { agrees: true, reason: 'as signed' }
      await settlement.decideTerms({ hospitalId, id }, decision, SECOND)
      return id
    },
    receive: (rows: [ref: string, amount: number, on: string, payer?: string][]) =>
      settlement.takeInReceipts(
        hospitalId,
        {
          account: 'main',
          rows: rows.map(([bankRef, amount, on, payer = '财付通']) => ({
            bankRef,
            amountFen: fen(amount),
            bookedOn: businessDate(on),
            payer,
            memo: '',
          })),
        },
        FIRST,
      ),
    ...looks(db, hospitalId, { clock, settlement }),
  }
}

function looks(
  db: TestDatabase,
  hospitalId: HospitalId,
  { clock, settlement }: { clock: Clock; settlement: Settlement },
) {
  return {
    async statuses(from: BusinessDate, to: BusinessDate) {
      const rows = await settlement.batches(hospitalId, { from, to })
      return rows.map((row) => `${row.provider} ${row.business_date} ${row.status}`)
    },
    /** What stands on each account: above zero on the debit side. */
    async balances() {
      const all = await inHospital(db, hospitalId, (tx) => balancesOf(tx, hospitalId))
      return Object.fromEntries(all.map((a) => [a.code, a.debitFen - a.creditFen]))
    },
    async told() {
      const events: [string, Events[keyof Events]][] = []
      const keep = (name: string) => async (event: Events[keyof Events]) =>
        void events.push([name, event])
      await deliverEvents({ db, clock, atOnce: 1 }, hospitalId, {
        'settlement.batch_changed': [keep('batch_changed')],
        'settlement.receipt_unexplained': [keep('receipt_unexplained')],
        'settlement.fee_differs': [keep('fee_differs')],
      })
      return events
    },
  }
}
