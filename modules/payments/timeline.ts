import type { HospitalId } from '../../kernel/id.ts'
import { auditAbout } from '../../platform/audit.ts'
import type { Tx } from '../../platform/db.ts'
import { exchangesAbout } from '../../platform/exchange.ts'
import { journalAbout, type JournalLine } from '../ledger/index.ts'
import { paymentSubject } from './books.ts'
import type { PaymentId } from './payment.ts'

export type TimelineEvent = {
  at: string
  kind: 'ours' | 'provider' | 'notice' | 'hospital' | 'journal' | 'person'
  title: string
  outcome: string | null
  request: string | null
  response: string | null
  durationMs: number | null
  journal: { debit: string; credit: string; amountFen: number }[] | null
}

/** Everything that happened around one payment, from all sides, in the order of time. */
export async function timelineOf(
  tx: Tx,
  hospitalId: HospitalId,
  id: PaymentId,
): Promise<TimelineEvent[]> {
  const subject = paymentSubject(id)
  const exchanges = await exchangesAbout(tx, hospitalId, subject)
  const audit = await auditAbout(tx, hospitalId, subject)
  const journal = await journalAbout(tx, hospitalId, subject)
  const events = [
    ...audit.map(({ id, at, actor, action, outcome, detail }) => ({
      id,
      at,
      ...plain,
      kind: actor.startsWith('system:') ? ('ours' as const) : ('person' as const),
      title: action,
      outcome,
      request: JSON.stringify(detail),
    })),
    ...exchanges.map((exchange) => ({
      ...plain,
      id: exchange.id,
      at: exchange.startedAt,
      kind: kindOf(exchange),
      title: `${exchange.system} ${exchange.operation}`,
      outcome: exchange.outcome,
      request: exchange.request,
      response: exchange.response,
      durationMs: exchange.durationMs,
    })),
    ...entriesOf(journal),
  ]
  // What happened in one instant is told in the order in which it was written down: ids are made in that order.
  return events
    .toSorted((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1))
    .map(({ at, kind, title, outcome, request, response, durationMs, journal: posted }) => {
      const said = { outcome, request, response, durationMs }
      return { at: at.toISOString(), kind, title, ...said, journal: posted }
    })
}

const plain = { request: null, response: null, durationMs: null, journal: null }

const kindOf = ({ system, direction }: { system: string; direction: 'in' | 'out' }) => {
  if (direction === 'in') return 'notice' as const
  return system === 'his' ? ('hospital' as const) : ('provider' as const)
}

function entriesOf(lines: readonly JournalLine[]) {
  const entries = new Map<string, JournalLine[]>()
  for (const line of lines) entries.set(line.entryId, [...(entries.get(line.entryId) ?? []), line])
  return [...entries.values()].flatMap((ofEntry) => {
    const [first] = ofEntry
    if (!first) return []
    const journal = ofEntry.map(({ debitAccount, creditAccount, amountFen }) => ({
      debit: debitAccount,
      credit: creditAccount,
      amountFen,
    }))
    const title = first.memo
    const { entryId, createdAt: at } = first
    return [{ ...plain, id: entryId, at, kind: 'journal' as const, title, outcome: null, journal }]
  })
}
