import { afterAll, beforeAll, expect, it } from 'vitest'

import { type Bed, FOREIGN, openBed, OURS } from './bad-input/bed.ts'
import { countRows, unchanged } from './bad-input/books.ts'
import { signInFinance } from './bad-input/client.ts'
import { payNewBill, quoteNew, signInPayer } from './bad-input/payer.ts'

let bed: Bed
beforeAll(async () => {
  bed = await openBed('bad requests')
})
afterAll(() => bed.stop())

it('x', async () => {
  let t = performance.now()
  const lap = (s: string) => { const n = performance.now(); process.stderr.write(`${s} ${Math.round(n - t)}\n`); t = n }
  const payer = await signInPayer(bed, { insured: true, cardOf: [OURS, FOREIGN] })
  lap('sign in')
  await payNewBill(bed, payer)
  lap('pay')
  await quoteNew(bed, payer, FOREIGN)
  lap('quote')
  await unchanged(bed, async () => lap('snap'))
  lap('snap')
  await signInFinance(bed, OURS)
  lap('fin')
  expect(await countRows(bed, 'payments.payment')).toBe(2)
})
