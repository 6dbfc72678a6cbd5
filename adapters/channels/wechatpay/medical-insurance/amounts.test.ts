import fc from 'fast-check'
import { expect, it } from 'vitest'

import { addFen, fen } from '../../../../kernel/money.ts'
import { brokenIdentity, differingAmount, type MedicalInsuranceAmounts } from './amounts.ts'
import { idDigestOf } from './id-digest.ts'

const amount = fc.nat({ max: 1_000_000_000 }).map(fen)

/** Amounts that add up: what is reduced is never more than the patient has to pay. */
const sound = fc
  .record({
    fundFen: amount,
    accountFen: amount,
    otherFen: amount,
    ownPartFen: amount,
    added: amount,
    share: fc.nat(100),
  })
  .map(({ added, share, ...given }): MedicalInsuranceAmounts => {
    const due = addFen(given.ownPartFen, added)
    const reduced = fen(Math.floor((due / 100) * share))
    const cashFen = fen(due - reduced)
    return {
      ...given,
      cashFen,
      totalFen: addFen(given.fundFen, given.accountFen, given.otherFen, due),
      additions: [{ type: 'FREIGHT', amountFen: added }],
      reductions: [{ type: 'DISCOUNT', amountFen: reduced }],
    }
  })

it('F-52 holds for whatever adds up, and for nothing that is off by a fen', () => {
  const names = ['totalFen', 'fundFen', 'accountFen', 'otherFen', 'ownPartFen', 'cashFen'] as const
  fc.assert(
    fc.property(sound, fc.constantFrom(...names), fc.constantFrom(1, -1), (amounts, name, by) => {
      expect(brokenIdentity(amounts)).toBeNull()
      const off = { ...amounts, [name]: fen(amounts[name] + by) }
      expect(brokenIdentity(off)).not.toBeNull()
      expect(differingAmount(amounts, off)).toBe(name)
    }),
    { numRuns: 20_000 },
  )
})

it('says in WeChat’s words which identity is broken', () => {
  const [amounts] = fc.sample(sound, { numRuns: 1, seed: 1 })
  if (amounts === undefined) throw new Error('there is one')
  expect(brokenIdentity({ ...amounts, totalFen: fen(amounts.totalFen + 1) })).toBe('total')
  expect(brokenIdentity({ ...amounts, ownPartFen: fen(amounts.ownPartFen + 1) })).toBe('cash')
})

it.each([
  ['44030019000101123x', '09eb26e839ff3a2e3980352ae45ef09e'],
  ['44030019000101123X', '09eb26e839ff3a2e3980352ae45ef09e'],
])('the digest of a number is that of its capitals: %s', (cardNo, digest) => {
  expect(idDigestOf({ cardType: 'ID_CARD', cardNo })).toBe(digest)
})

it('a number of 15 digits has the digest of its 18', () => {
  const digestOf = (cardNo: string) => idDigestOf({ cardType: 'ID_CARD', cardNo })
  // 110105 49 12 31 002 and 11010519491231002X, the example of GB 11643.
  expect(digestOf('110105491231002')).toBe(digestOf('11010519491231002X'))
})
