import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { seededRandom } from '../../../kernel/random.ts'
import { checkBooks } from './books.ts'
import { openStore } from './store.ts'
import {
  type Bill,
  fenOf,
  nodeOf,
  openBill,
  OP1_LINES,
  rowsOf,
  startTestCentre,
  type TestCentre,
  type WireFields,
  yuanOf,
} from './testing.ts'

// Whatever hospitals do in whatever order, on the real wire.

const anyLines = fc.array(
  fc.record({
    code: fc.constantFrom('XA01', 'XB10', 'XB20', 'XB20L', 'XC01'),
    yuan: fc.integer({ min: 1, max: 900_000 }).map(yuanOf),
  }),
  { minLength: 1, maxLength: 6 },
)
const anyPerson = fc.constantFrom('P1', 'P2', 'P3')
const anyStep = fc.oneof(
  fc.record({
    type: fc.constant('settle' as const),
    personNo: anyPerson,
    lines: anyLines,
    useAccount: fc.boolean(),
  }),
  fc.record({
    type: fc.constantFrom('refund' as const, 'reverse' as const, 'reverseRefund' as const),
    which: fc.nat(20),
  }),
)
type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never

describe('the books, after anything', () => {
  it('keep every identity on the wire, quote what they settle, and give back what they took', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 10 }), async (steps) => {
        const centre = await startTestCentre({
          signInRequired: false,
          random: seededRandom('books'),
        })
        await play(centre, steps)
        expect(centre.simulator.checkBooks()).toEqual([])
        await takeAllBack(centre)
        expect(['P1', 'P2', 'P3'].map((no) => centre.simulator.balanceOf(no))).toEqual([
          200_00, 50_00, 0,
        ])
        expect(centre.simulator.checkBooks()).toEqual([])
        await centre.simulator.stop()
        const store = openStore(centre.options.databaseFile)
        const left = store.all(
          `select * from year_use where deductible_fen + covered_fen + pool_fen + large_fen +
             burden_fen + illness_fen > 0`,
        )
        store.close()
        expect(left).toEqual([])
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})

async function play({ client, simulator }: TestCentre, steps: Step[]) {
  for (const [index, step] of steps.entries()) {
    if (step.type === 'settle') {
      await settle(client, { ...step, visitNo: `V${index}` })
      continue
    }
    // On purpose also what cannot be done: the books must hold whatever the answer is.
    const rows = simulator
      .settlements()
      .filter((s) => s.isRefund === (step.type === 'reverseRefund'))
    const row = rows[step.which % Math.max(1, rows.length)]
    if (!row) continue
    const { personNo: psn_no, visitId: mdtrt_id, settlementId: setl_id, msgid: omsgid } = row
    const oinfno = step.type === 'reverse' ? '2207' : '2208'
    await (step.type === 'refund'
      ? client.call('2208', { data: { psn_no, mdtrt_id, setl_id } })
      : client.call('2601', { data: { psn_no, omsgid, oinfno } }))
  }
}

/** Asks what it will come to, settles, and holds the two and the identities against each other. */
async function settle(client: TestCentre['client'], bill: Bill) {
  const insutype = bill.personNo === 'P3' ? '390' : '310'
  const { data } = await openBill(client, { ...bill, insutype })
  const quoted = nodeOf(await client.call('2206', { data }), 'setlinfo')
  const answer = await client.call('2207', { data })
  const settled = nodeOf(answer, 'setlinfo')
  expectIdentities(settled, rowsOf(answer, 'setldetail'))
  const { setl_id: _, medins_setl_id: __, ...same } = settled
  expect(quoted).toMatchObject(same)
}

/** Half by refund and half by reversal, the newest first. */
async function takeAllBack({ client, simulator }: TestCentre) {
  const standing = simulator.settlements().filter((row) => !row.isRefund && !row.isRefunded)
  for (const [index, row] of standing.reverse().entries()) {
    const { personNo: psn_no, visitId: mdtrt_id, settlementId: setl_id, msgid: omsgid } = row
    const answer = await (index % 2 === 0
      ? client.call('2208', { data: { psn_no, mdtrt_id, setl_id } })
      : client.call('2601', { data: { psn_no, omsgid, oinfno: '2207' } }))
    expect(answer.err_msg).toBe('')
  }
}

/** The identities as the platform's document puts them, on the figures as they came. */
function expectIdentities(info: WireFields, details: WireFields[]) {
  const of = (name: string) => fenOf(info[name] ?? Number.NaN)
  const fund = of('fund_pay_sumamt')
  expect(of('medfee_sumamt')).toBe(fund + of('psn_part_amt') + of('hosp_part_amt'))
  expect(of('psn_part_amt')).toBe(of('acct_pay') + of('psn_cash_pay'))
  expect(of('medfee_sumamt')).toBe(
    of('fulamt_ownpay_amt') + of('overlmt_selfpay') + of('preselfpay_amt') + of('inscp_scp_amt'),
  )
  expect(fund).toBe(
    of('hifp_pay') +
      of('hifes_pay') +
      of('hifmi_pay') +
      of('hifob_pay') +
      of('cvlserv_pay') +
      of('maf_pay') +
      of('oth_pay'),
  )
  expect(fund).toBe(details.reduce((sum, row) => sum + fenOf(row.fund_payamt ?? Number.NaN), 0))
}

describe('checkBooks', () => {
  it.each<[string, string, RegExp]>([
    ['a balance', 'update account set balance_fen = balance_fen + 1', /account P1 has/],
    ['the use of a year', 'update year_use set pool_fen = pool_fen + 1', /pool_fen of P1/],
    [
      'a line of the ledger',
      "update ledger_line set amount_fen = amount_fen + 1 where account = 'cash'",
      /does not add up/,
    ],
    ['a ledger without lines', 'delete from ledger_line', /ledger has 0 for/],
    ['a status', "update settlement set status = 'refunded'", /is refunded and has 0 refunds/],
    [
      'figures',
      `update settlement set figures = json_set(figures, '$.cashFen', 1)`,
      /account and cash are what the person bears/,
    ],
    [
      'an answered internal error',
      "insert into internal_error values (0, 'broken')",
      /internal error was answered: broken/,
    ],
  ])('finds %s that was tampered with', async (_what, tampering, complaint) => {
    const { client, simulator, options } = await startTestCentre({ signInRequired: false })
    const { data } = await openBill(client, { visitNo: 'V1', lines: OP1_LINES })
    expect((await client.call('2207', { data })).infcode).toBe(0)
    expect(simulator.checkBooks()).toEqual([])
    await simulator.stop()
    const store = openStore(options.databaseFile)
    store.run(tampering)
    expect(checkBooks(store).join('\n')).toMatch(complaint)
    store.close()
  })
})
