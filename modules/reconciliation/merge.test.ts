import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { compare, type FoundDifference } from './compare.ts'
import type { CaseId, Difference } from './day.ts'
import { foundAnew, mergeDifferences } from './merge.ts'
import { DATE, plant, PLANS } from './testing/planted.ts'

const NOON = new Date('2026-11-21T12:00:00+08:00')
const LATER = new Date('2026-11-21T12:10:00+08:00')

const found = (changes: Partial<FoundDifference> = {}): FoundDifference => ({
  class: 'ours_only',
  kind: 'charge',
  ourNo: 'A',
  providerNo: null,
  oursFen: fen(100),
  theirsFen: fen(0),
  oursLines: 1,
  theirsLines: 0,
  otherDate: null,
  paymentId: null,
  refundId: null,
  ...changes,
})

const known = (difference: FoundDifference, changes: Partial<Difference> = {}): Difference => ({
  ...foundAnew(difference, NOON),
  id: `id-${difference.class}-${difference.kind}-${difference.ourNo}` as Id<'Difference'>,
  businessDate: DATE,
  source: 'wechat',
  foundAt: NOON,
  ...changes,
})

describe('mergeDifferences', () => {
  it('changes nothing when the same comparison comes again, whatever became of the differences', () => {
    const plans = fc.array(fc.constantFrom(...PLANS), { maxLength: 30 })
    const statuses = fc.infiniteStream(
      fc.constantFrom('found', 'repairing', 'repaired', 'explained', 'in_case'),
    )
    fc.assert(
      fc.property(plans, statuses, (planned, status) => {
        const { day } = plant(planned.map((plan) => ({ plan, kind: 'charge', amountFen: 7 })))
        const { differences } = compare(day)
        const before = differences.map((d) => known(d, { status: status.next().value ?? 'found' }))
        expect(mergeDifferences(before, differences, LATER)).toEqual({ added: [], changed: [] })
        expect(mergeDifferences([], differences, LATER).added).toEqual(differences)
      }),
    )
  })

  it('takes one that is gone for repaired, and leaves what a person decided', () => {
    const open = known(found(), { status: 'repairing', repair: 'tell_hospital' })
    const decided = known(found({ ourNo: 'B' }), { status: 'explained', resolvedAt: NOON })
    expect(mergeDifferences([open, decided], [], LATER).changed).toEqual([
      { ...open, present: false, status: 'repaired', resolvedAt: LATER },
      { ...decided, present: false },
    ])
  })

  it('waits for money that is going back, though the hospital lists nothing of it any more', () => {
    const running = { repair: 'give_back', repairOutcome: 'running', tries: 1 } as const
    const before = known(found(), { status: 'repairing', ...running })
    expect(mergeDifferences([before], [], LATER).changed).toEqual([{ ...before, present: false }])
  })

  it('explains one that shows itself under another class now', () => {
    const before = known(found(), { status: 'in_case', caseId: 'case' as CaseId })
    const crossDay = found({ class: 'cross_day' })
    const { added, changed } = mergeDifferences([before], [crossDay], LATER)
    expect(added).toEqual([crossDay])
    expect(changed).toMatchObject([{ status: 'explained', present: false, caseId: 'case' }])
  })

  it('finds anew what comes again, or with other amounts', () => {
    const gone = known(found(), { present: false, status: 'repaired', tries: 2, resolvedAt: NOON })
    const grown = known(found({ ourNo: 'B' }), { status: 'explained', resolvedAt: NOON })
    const again = [found(), found({ ourNo: 'B', oursFen: fen(101) })]
    const { changed } = mergeDifferences([gone, grown], again, LATER)
    expect(changed).toMatchObject([
      { id: gone.id, present: true, status: 'found', tries: 0, resolvedAt: null, foundAt: NOON },
      { id: grown.id, status: 'found', oursFen: 101 },
    ])
  })
})
