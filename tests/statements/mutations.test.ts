import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { layoutOf, readBytes } from '../../modules/statements/testing/reading.ts'

// Lists that say what they add up to, changed at random: the same money, or refused by name. Never other sums.

const zeros = (value: number, width: number) => String(value).padStart(width, '0')

const POS = [
  `H${'898510180620001'.padEnd(15)}20261120`,
  ...[12_345, 678, 1_000].map(
    (fen, i) =>
      `DT0000001000001${zeros(i + 1, 6)}20261120093000${zeros(i, 12)}${i === 2 ? '03' : '01'}${zeros(fen, 12)}${zeros(i, 12)}${'622202******0123'.padEnd(19)}`,
  ),
  `T${zeros(3, 8)}${zeros(13_023, 14)}${zeros(1_000, 14)}${zeros(3, 14)}`,
  '',
].join('\r\n')

const HIS = [
  'kind,paymentNo,refundNo,billNo,receiptNo,amountFen,at',
  'payment,P1,,B1,R1,12345,2026-11-20T09:00:00+08:00',
  'payment,P2,,B2,R2,100,2026-11-20T09:30:00+08:00',
  'refund,P1,F1,B1,R3,345,2026-11-20T10:00:00+08:00',
  '#totals,2,12445,1,345',
  '',
].join('\n')

const CLAIMS = [
  'insurer_claim_no,hub_claim_no,policy_no,action,amount_yuan,decided_at,reason',
  'C1,H1,POL1,paid,120.00,2026-11-20 09:00:00,"一, 二"',
  'C3,H3,POL3,recovered,20.00,2026-11-20 10:00:00,',
  '#TOTAL,2,120.00,20.00',
  '',
].join('\n')

const LENDER = [
  'H|#LENDER01|#20261120',
  'D|#L1|#H1|#DRAW|#500.00|#20261120093000|#C1|#a|b',
  'D|#L2|#H2|#CANCEL|#20.00|#20261120093100|#C2|#',
  'T|#2|#520.00',
  '',
].join('\r\n')

const CAMT = `<?xml version="1.0"?><Document><BkToCstmrStmt><Stmt>
<Acct><Id><Othr><Id>6222</Id></Othr></Id></Acct>
<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries><Sum>60.00</Sum></TtlNtries></TxsSummry>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="CNY">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt><AcctSvcrRef>S1</AcctSvcrRef></Ntry>
<Ntry><Amt Ccy="CNY">10.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt><AcctSvcrRef>S2</AcctSvcrRef></Ntry>
</Stmt></BkToCstmrStmt></Document>
`

/** Overwrites, takes out or doubles a few bytes somewhere. */
const anyMutation = fc.record({
  how: fc.constantFrom('overwrite', 'remove', 'repeat', 'truncate'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 40 }),
  byte: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('0123456789,."|#\r\n'))),
})
type Mutation = typeof anyMutation extends fc.Arbitrary<infer One> ? One : never

function mutated(bytes: Buffer, { how, at: place, length, byte }: Mutation): Buffer {
  const at = place % bytes.length
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  switch (how) {
    case 'overwrite':
      return Buffer.concat([before, Buffer.from([byte]), after.subarray(1)])
    case 'remove':
      return Buffer.concat([before, after.subarray(length)])
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, length), after])
    case 'truncate':
      return before
  }
}

describe('F-103 F-105 a list changed at random is the same money or refused', () => {
  it.each<[string, string]>([
    ['pos-batch', POS],
    ['his-day-list', HIS],
    ['insurer-claims', CLAIMS],
    ['lender-draws', LENDER],
    ['camt053', CAMT],
  ])('%s', async (name, text) => {
    const layout = layoutOf(name)
    const bytes = Buffer.from(text)
    const { result: whole } = await readBytes(layout, bytes)
    if (whole.outcome !== 'taken') throw new Error(JSON.stringify(whole))
    const { chargeFen, returnFen, payoutFen } = whole.totals
    const tally = { taken: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(anyMutation, async (mutation) => {
        const { result } = await readBytes(layout, mutated(bytes, mutation))
        tally[result.outcome]++
        const isSame =
          result.outcome === 'refused' ||
          (result.totals.chargeFen === chargeFen &&
            result.totals.returnFen === returnFen &&
            result.totals.payoutFen === payoutFen)
        expect(isSame).toBe(true)
      }),
      { numRuns: 500 },
    )
    expect(tally.refused).toBeGreaterThan(100)
  })
})
