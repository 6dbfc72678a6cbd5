import { expect, it } from 'vitest'

import type { CoverageClaim } from '../../../contract/client.ts'
import { CLAIM_ATTENTIONS, CLAIM_STATUSES } from '../../../modules/coverage/claim.ts'
import en from '../locales/en/payers.json'
import zh from '../locales/zh-CN/payers.json'
import { claimSteps } from './claim-steps.ts'

const someClaim = (given: Partial<CoverageClaim> = {}): CoverageClaim => ({
  id: '0193a000-0000-7000-8000-000000000001',
  paymentId: '0193a000-0000-7000-8000-000000000002',
  insurerCode: 'huiminbao',
  policyNo: 'P0001',
  payFen: 12_000,
  owedFen: 0,
  status: 'waiting',
  dueBy: '2026-11-23T10:00:00Z',
  claimNo: null,
  sentKinds: [],
  wanted: [],
  reason: null,
  submittedAt: null,
  decidedAt: null,
  attention: null,
  resolution: null,
  resolvedAt: null,
  createdAt: '2026-11-22T02:00:00Z',
  ...given,
})

it('has words for every step of every way a claim can go', () => {
  for (const status of CLAIM_STATUSES) {
    for (const attention of [null, ...CLAIM_ATTENTIONS]) {
      for (const submittedAt of [null, '2026-11-22T03:00:00Z']) {
        const steps = claimSteps(someClaim({ status, attention, submittedAt }))
        expect(steps.length, status).toBeGreaterThanOrEqual(1)
        for (const { code } of steps) {
          expect(zh.cover.steps).toHaveProperty(code)
          expect(en.cover.steps).toHaveProperty(code)
        }
      }
    }
  }
})

it('says where it stands last', () => {
  const lastOf = (given: Partial<CoverageClaim>) => claimSteps(someClaim(given)).at(-1)?.code
  const submittedAt = '2026-11-22T03:00:00Z'
  expect(lastOf({})).toBe('to_send')
  expect(lastOf({ attention: 'papers_late' })).toBe('late')
  expect(lastOf({ status: 'withheld' })).toBe('withheld')
  expect(lastOf({ status: 'submitted', submittedAt })).toBe('deciding')
  expect(lastOf({ status: 'more_wanted', submittedAt })).toBe('more_wanted')
  expect(lastOf({ status: 'more_wanted', submittedAt, attention: 'papers_missing' })).toBe(
    'missing',
  )
  expect(lastOf({ status: 'accepted', submittedAt, decidedAt: submittedAt })).toBe('accepted')
  expect(lastOf({ status: 'refused', submittedAt, decidedAt: submittedAt })).toBe('refused')
  expect(lastOf({ status: 'refused', submittedAt, resolvedAt: submittedAt })).toBe('resolved')
})
