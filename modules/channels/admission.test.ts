import { describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { addDays, addMs, businessDate, DAY_MS, instantAt } from '../../kernel/time.ts'
import { assess, type ChannelDocument, DOCUMENT_KINDS, type Evidence } from './admission.ts'
import { countCall, noCounts } from './counts.ts'
import { registered } from './testing/arbitraries.ts'

const TODAY = businessDate('2026-11-21')

const DOCUMENTS: ChannelDocument[] = DOCUMENT_KINDS.map((kind) => ({
  kind,
  reference: 'Z2001',
  validUntil: TODAY,
  note: '',
  enteredBy: 'staff:1',
  enteredAt: instantAt(TODAY),
}))

/** So many calls, the last ones of them silent, slow or failed. */
function calls(count: number, { silent = 0, slow = 0, failed = 0 } = {}) {
  const counts = noCounts()
  for (let i = 0; i < count; i++) {
    const end = i < silent ? 'unknown' : i < silent + failed ? 'failed' : 'answered'
    countCall(counts, end, i < slow ? 800 : 300)
  }
  return [{ operation: 'charge' as const, counts }]
}

const lists = ({ rows = 2_000, differences = 0, afterDays = 1 } = {}) => {
  const date = addDays(TODAY, -10)
  const receivedAt = addMs(instantAt(date, '10:10:00'), afterDays * DAY_MS)
  const amounts = { amountFen: fen(rows * 100), differenceFen: fen(differences * 100) }
  const compared = { businessDate: date, comparedAt: receivedAt, rows, differences, ...amounts }
  return { arrivals: [{ businessDate: date, receivedAt }], comparisons: [compared] }
}

const GOOD: Evidence = {
  terms: registered({ feePpm: 3_800 }),
  documents: DOCUMENTS,
  totals: calls(2_000),
  lists: lists(),
  today: TODAY,
}

const verdicts = (changes: Partial<Evidence>) =>
  Object.fromEntries(
    assess({ ...GOOD, ...changes }).dimensions.map(({ name, verdict }) => [name, verdict]),
  )

describe('the admission', () => {
  it('[P4] finds a channel good for core when all four dimensions are', () => {
    const { dimensions, eligibleTier, score } = assess(GOOD)
    expect(dimensions.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['compliance', 'passed'],
      ['technology', 'passed'],
      ['service', 'passed'],
      ['cost', 'passed'],
    ])
    expect(eligibleTier).toBe('core')
    expect(score).toBe(94) // 100, 100, 100, and 75 for 0.38 %
  })

  it.each<[string, Partial<Evidence>, string, string | null]>([
    ['a licence that is not there', { documents: DOCUMENTS.slice(1) }, 'compliance', null],
    [
      'a licence that ran out yesterday',
      { documents: DOCUMENTS.map((d) => ({ ...d, validUntil: addDays(TODAY, -1) })) },
      'compliance',
      null,
    ],
    ['2 % of calls over 500 ms', { totals: calls(2_000, { slow: 40 }) }, 'technology', 'backup'],
    ['3 of 2,000 calls silent', { totals: calls(2_000, { silent: 3 }) }, 'technology', 'backup'],
    ['2 of 2,000 calls wrong', { totals: calls(2_000, { failed: 2 }) }, 'service', 'backup'],
    ['2 of 2,000 rows that differ', { lists: lists({ differences: 2 }) }, 'service', 'backup'],
    ['a list after three days', { lists: lists({ afterDays: 3 }) }, 'service', 'backup'],
    ['a fee of 0.61 %', { terms: registered({ feePpm: 6_100 }) }, 'cost', 'backup'],
    [
      'half a yuan for each payment on top of 0.38 %',
      { terms: registered({ feePpm: 3_800, feeFixedFen: fen(50) }) },
      'cost',
      'backup',
    ],
  ])('[P4] fails by %s', (_what, changes, dimension, eligible) => {
    expect(verdicts(changes)).toMatchObject({ [dimension]: 'failed' })
    const assessment = assess({ ...GOOD, ...changes })
    expect(assessment.eligibleTier).toBe(eligible)
    expect(assessment.score).toBeLessThan(94)
  })

  it.each<[string, Partial<Evidence>]>([
    ['1 % of calls over 500 ms', { totals: calls(2_000, { slow: 20 }) }],
    ['2 of 2,000 calls silent', { totals: calls(2_000, { silent: 2 }) }],
    ['1 of 2,000 rows that differs', { lists: lists({ differences: 1 }) }],
    ['a list after two days', { lists: lists({ afterDays: 2 }) }],
    ['a licence without end', { documents: DOCUMENTS.map((d) => ({ ...d, validUntil: null })) }],
    ['a fee of 0.6 %', { terms: registered({ feePpm: 6_000 }) }],
  ])('[P4] passes with %s', (_what, changes) => {
    expect(assess({ ...GOOD, ...changes }).eligibleTier).toBe('core')
  })

  it('says of a new channel that it was not measured, and lets it be auxiliary', () => {
    const fresh = { totals: calls(999), lists: null }
    expect(verdicts(fresh)).toEqual({
      compliance: 'passed',
      technology: 'not_measured',
      service: 'not_measured',
      cost: 'passed',
    })
    const assessment = assess({ ...GOOD, ...fresh })
    expect(assessment.eligibleTier).toBe('auxiliary')
    expect(assessment.dimensions[1]?.score).toBeNull()
  })

  it('counts statements as answers that may be wrong, and not as response times', () => {
    const counts = noCounts()
    for (let i = 0; i < 1_000; i++) countCall(counts, 'failed', 60_000)
    const totals = [...calls(2_000), { operation: 'statement' as const, counts }]
    expect(verdicts({ totals })).toMatchObject({ technology: 'passed', service: 'failed' })
  })
})
