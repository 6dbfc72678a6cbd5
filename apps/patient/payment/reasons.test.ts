import fc from 'fast-check'
import { expect, it } from 'vitest'

import zh from '../locales/zh-CN/patient.json'
import { lineReasonsOf, stepsOf } from './reasons.ts'

const amount = fc.integer({ min: 0, max: 1_000_000 })

it('gives every line that is not free at least one reason, and each has its words', () => {
  fc.assert(
    fc.property(amount, amount, amount, amount, (own, over, first, scope) => {
      const reasons = lineReasonsOf({
        billNo: 'B1',
        lineNo: 1,
        amountFen: own + over + first + scope,
        ownFen: own,
        overLimitFen: over,
        firstShareFen: first,
        inScopeFen: scope,
        level: null,
      })
      expect(reasons.length).toBeGreaterThan(0)
      for (const { code } of reasons) expect(zh.why.lines).toHaveProperty(code)
      const isWhole = reasons.some(({ code }) => code === 'in_full' || code === 'all_own')
      const explainedFen = reasons.reduce((sum, reason) => sum + reason.amountFen, 0)
      expect(isWhole || explainedFen === own + over + first + scope).toBe(true)
    }),
  )
})

it('shows the insurer’s figures as a sum, without what is zero', () => {
  const steps = stepsOf({
    totalFen: 63_800,
    ownFen: 10_000,
    overLimitFen: 0,
    firstShareFen: 1_800,
    inScopeFen: 52_000,
    deductibleFen: 0,
    poolRatioBp: 7_000,
    fundFen: 36_400,
    accountFen: 20_000,
    cashFen: 7_400,
    balanceFen: 0,
  })
  expect(steps.map(({ code, amountFen }) => [code, amountFen])).toEqual([
    ['total', 63_800],
    ['own', -10_000],
    ['first_share', -1_800],
    ['in_scope', 52_000],
    ['fund', 36_400],
    ['account', 20_000],
    ['cash', 7_400],
  ])
  for (const { code } of steps) expect(zh.why.steps).toHaveProperty(code)
})
