import { fen } from '../../../kernel/money.ts'
import { randomBelow, type Random } from '../../../kernel/random.ts'
import { addDays, type BusinessDate, businessDateOf } from '../../../kernel/time.ts'
import { listCases } from '../../../modules/reconciliation/case-store.ts'
import type { Difference } from '../../../modules/reconciliation/day.ts'
import { differencesOfCase } from '../../../modules/reconciliation/difference-store.ts'
import { listDays } from '../../../modules/reconciliation/reads-store.ts'
import type { WorkCase } from '../../../modules/reconciliation/work-case.ts'
import { inHospital } from '../../../platform/db.ts'
import { systemActor } from '../../../platform/principal.ts'
import type { Hub } from './hub.ts'

export const FIRST = systemActor('first')
export const SECOND = systemActor('second')

const DAYS_LOOKED_BACK = 9

/** Two people of the finance office, who know nothing of what was planted: they go by the case. */
export function createPersons(
  { db, clock, hospitalId, office }: Hub,
  { random, awaiting }: { random: Random; awaiting: ReadonlySet<string> },
) {
  const { reconciliation } = office
  const locked = new Set<BusinessDate>()
  return { closeDays, workCases }

  /** Closes what is ready, and opens and closes again what came out otherwise since. */
  async function closeDays(): Promise<void> {
    const today = businessDateOf(clock.now())
    const range = { from: addDays(today, -DAYS_LOOKED_BACK), to: addDays(today, -1) }
    const days = await inHospital(db, hospitalId, (tx) =>
      listDays(tx, hospitalId, range.from, range.to),
    )
    for (const { businessDate: date, status } of days.toReversed()) {
      const key = { hospitalId, date }
      if (locked.has(date)) {
        const { changedSince } = await reconciliation.closingStanding(key)
        if (changedSince.length === 0) continue
        await reconciliation.reopenDay(key, '渠道重出账单', FIRST)
      } else if (status !== 'closed') continue
      await reconciliation.closeDay(key, '余下的差异已在处理', FIRST)
      locked.add(date)
    }
  }

  /** What is about money that is still on its way is left until `isLast`. */
  async function workCases(isLast = false): Promise<void> {
    const cases = await inHospital(db, hospitalId, (tx) =>
      listCases(tx, hospitalId, { status: 'open', limit: 500 }),
    )
    for (const known of cases) {
      if (known.class.startsWith('statement_') || awaiting.has(known.subject)) continue
      if (isOfMoney(known) && !isLast) continue
      await reconciliation.takeCase(hospitalId, known.id, FIRST)
      const about = await inHospital(db, hospitalId, (tx) =>
        differencesOfCase(tx, hospitalId, known.id),
      )
      const kind = entryFor(known, about)
      if (kind) await adjust(known, kind)
      else await resolve(known)
    }
  }

  /** Sometimes the second person says no at first. */
  async function adjust(
    { id: caseId, amountFen }: WorkCase,
    kind: 'hang_surplus' | 'write_off_shortage',
  ) {
    const { propose, decide } = reconciliation.adjusting
    const wish = { hospitalId, caseId, kind, amountFen: fen(amountFen), reason: '查无对应交易' }
    if (randomBelow(random, 4) === 0) {
      const { id } = await propose(wish, FIRST)
      await decide({ hospitalId, id, outcome: 'declined', note: '再查一次' }, SECOND)
    }
    const { id } = await propose(wish, FIRST)
    await decide({ hospitalId, id, outcome: 'approved', note: null }, SECOND)
  }

  function resolve({ id, source }: WorkCase): Promise<void> {
    const resolution = RESOLUTIONS[source ?? 'nobody'] ?? 'corrected_by_provider'
    return reconciliation.resolveCase(hospitalId, id, { resolution, note: '已电话核对' }, FIRST)
  }
}

const isOfMoney = ({ class: cls }: WorkCase) => /^(payout|receipt)_/.test(cls)

const RESOLUTIONS: Record<string, 'corrected_by_hospital' | 'not_ours'> = {
  his: 'corrected_by_hospital',
  nobody: 'not_ours',
}

/** What the provider has more of a charge is kept aside, what it has less is given up; the rest it puts right itself. */
function entryFor({ source }: WorkCase, about: readonly Difference[]) {
  const [one, ...others] = about
  if (!one || others.length > 0 || source === 'his' || one.kind === 'return') return null
  return one.theirsFen > one.oursFen ? 'hang_surplus' : 'write_off_shortage'
}
