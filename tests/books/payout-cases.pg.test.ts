import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import type { ListLine } from '../../modules/reconciliation/day.ts'
import { insertStatement } from '../../modules/reconciliation/statement-store.ts'
import { walletContract } from '../../modules/settlement/testing/terms.ts'
import { inHospital } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import { ACTOR, BANK, bankList, createHubBed, HOSPITAL } from '../statements/hub-bed.ts'

const DATE = businessDate('2026-11-20') // a Friday
const ACCOUNT = 'main'
const KEY = { hospitalId: HOSPITAL, provider: 'commercial', date: DATE }

let bed: Awaited<ReturnType<typeof createHubBed>>
beforeAll(async () => {
  bed = await createHubBed()
  const { settlement, statementFiles } = bed.hub
  const terms = { kind: 'contract', name: 'commercial', validFrom: DATE } as const
  const id = await settlement.proposeTerms(
    HOSPITAL,
    { ...terms, content: walletContract() },
    systemActor('first'),
  )
  const decision = { agrees: true, reason: 'as signed' }
  await settlement.decideTerms({ hospitalId: HOSPITAL, id }, decision, systemActor('second'))
  const schedule = { ...BANK, account: ACCOUNT, firstDate: businessDate('2026-11-25') }
  await statementFiles.schedule(HOSPITAL, schedule, ACTOR)
})
afterAll(() => bed.close())

const line = (ourNo: string, amountFen: number, feeFen: number): ListLine => ({
  kind: amountFen > 0 ? 'charge' : 'return',
  ourNo,
  providerNo: `T${ourNo}`,
  amountFen: fen(Math.abs(amountFen)),
  at: null,
  basis: 'stated',
  feeFen: fen(feeFen),
})

/** As reconciliation writes a list down. */
const takeInList = (lines: readonly ListLine[], feeFen: number) =>
  inHospital(bed.db, HOSPITAL, (tx) =>
    insertStatement(
      tx,
      HOSPITAL,
      {
        businessDate: DATE,
        source: 'commercial',
        version: 1,
        form: 'lines',
        sha256: 'a'.repeat(64),
        comparedWith: null,
        lineCount: lines.length,
        chargeFen: fen(300_00),
        returnFen: fen(50_00),
        feeFen: fen(feeFen),
        receivedAt: bed.clock.now(),
      },
      '',
      lines,
    ),
  )

it('[B4] the fee of each line is as billed, and is held against the contract line by line', async () => {
  await takeInList([line('P1', 100_00, 60), line('P2', 200_00, 121), line('R1', -50_00, -30)], 151)
  const { settlement } = bed.hub
  await settlement.takeInDate(HOSPITAL, DATE)
  const { batch, differences } = await settlement.batch(KEY)
  expect(batch).toMatchObject({ fee_fen: 151, contract_fee_fen: 150, payout_fen: 248_49 })
  expect(differences).toMatchObject([{ our_no: 'P2', billed_fen: 121, contract_fen: 120 }])
})

it('[B4] a payout that does not come is a person’s, and is not any more when it has come', async () => {
  await bed.at('2026-11-24', '12:00:00')
  expect(await bed.cases()).toEqual([])
  await bed.at('2026-11-25', '00:00:00')
  const late = 'payout_late settlement:commercial:2026-11-20 24849 payout_late'
  expect(await bed.cases()).toEqual([`${late} open`])
  const list = bankList('2026-11-25', 'B1 +248.49', 'B2 +9.99')
  writeFileSync(join(bed.place, 'bill_20261125.csv'), list)
  await bed.at('2026-11-26', '08:00:00')
  await bed.at('2026-11-26', '08:01:00')
  expect(await bed.cases()).toEqual([`${late} ended`])
})

it('[B4] a receipt that nothing explains in its time is a person’s, until it is explained', async () => {
  await bed.at('2026-11-27', '08:00:00')
  expect(await bed.cases()).toHaveLength(1)
  await bed.at('2026-11-27', '08:01:00')
  await bed.at('2026-11-27', '09:00:00')
  const unexplained = 'receipt_unexplained receipt:main:B2:1 999 receipt_unexplained'
  expect((await bed.cases()).slice(1)).toEqual([`${unexplained} open`])

  const receipt = { hospitalId: HOSPITAL, account: ACCOUNT, bankRef: 'B2', variant: 1 }
  const to = { provider: 'commercial', date: DATE, amountFen: fen(9_99) }
  await bed.hub.settlement.assign(receipt, to, ACTOR)
  await bed.at('2026-11-27', '09:01:00')
  expect((await bed.cases()).slice(1)).toEqual([
    `${unexplained} counterpart_arrived`,
    'payout_differs settlement:commercial:2026-11-20 999 payout_over open',
  ])
  // Told late, and once more, it is nobody's any more.
  await bed.hub.callsForPersons.onReceiptOverdue(receipt)
  expect(await bed.cases()).toHaveLength(3)
})

it('[B4] another row with the number of a known one is a person’s at once', async () => {
  const { settlement } = bed.hub
  const row = { bankRef: 'B1', amountFen: fen(248_50), bookedOn: DATE, payer: '财付通', memo: '' }
  await settlement.takeInReceipts(HOSPITAL, { account: ACCOUNT, rows: [row] }, ACTOR)
  await bed.at('2026-11-27', '09:02:00')
  expect((await bed.cases()).at(-1)).toBe(
    'receipt_unexplained receipt:main:B1:2 24850 receipt_variant open',
  )
  expect(bed.failures).toEqual([])
})
