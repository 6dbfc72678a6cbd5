import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { fen, subtractFen } from '../../kernel/money.ts'
import { addDays, businessDate, businessDateOf } from '../../kernel/time.ts'
import type { AuditRequest, ClearingApplication } from '../../modules/insurance/index.ts'
import { visitOf } from './describe-insurance-centre.ts'
import { local, type NationalBench, said, startNationalBench } from './national-bench.ts'

// What the hospital's insurance office does beside settling: reviews, filings, the month's claim on the funds.

describe.each(['standard', 'guangdong', 'jilin'] as const)('the office at %s', (profile) => {
  let bench: NationalBench
  beforeEach(async () => void (bench = await startNationalBench(profile)))
  afterEach(() => bench.simulator.stop())

  it('has what is ordered reviewed (3101), and what is billed (3102)', async () => {
    const { centre, call } = bench
    const { psnNo, mdtrtId } = await visitOf(bench, 'V1')
    const review = reviewOf(bench, { psnNo, mdtrtId })
    expect(said(await centre.audit(call(), 'ordering', review([])))).toEqual([])
    const twice = review([{ lineId: 'L2', nationalCode: 'XA01', quantity: 1 }])
    expect(said(await centre.audit(call(), 'ordering', twice))).toMatchObject([
      { rule: '重复开单', lineId: 'L2', amountFen: 202_00, severity: '2' },
    ])
    const many = review([{ lineId: 'L2', nationalCode: 'XB20', quantity: 31 }])
    expect(said(await centre.audit(call(), 'billing', many))).toMatchObject([
      { rule: '超限定数量', lineId: 'L2', evidence: '单次限30' },
    ])
  })

  it('files a transfer (2501), finds it (5304), and takes it back (2502)', async () => {
    const { centre, call, clock } = bench
    const { psnNo } = await visitOf(bench, 'V2')
    const today = businessDateOf(clock.now())
    const { filingNo } = said(
      await centre.fileTransfer(call(), {
        psnNo,
        insutype: '310',
        insuredRegion: local.insurance.admdvs,
        diagnosis: { code: 'C34.900', name: '肺癌' },
        toFixmedinsCode: 'H440300000001',
        toName: '深圳市人民医院',
        toRegion: '440300',
        kind: '1',
        on: today,
        reason: '本地无条件',
        opinion: '同意',
        from: today,
        to: addDays(today, 90),
      }),
    )
    const period = { from: clock.now(), to: clock.now() }
    const filed = said(await centre.transferFilings(call(), { psnNo, ...period }))
    expect(filed).toMatchObject([{ filingNo, toRegion: '440300', from: today }])
    said(await centre.cancelTransfer(call(), { psnNo, filingNo, reason: '不去了' }))
    expect(said(await centre.transferFilings(call(), { psnNo, ...period }))).toEqual([])
    const again = await centre.cancelTransfer(call(), { psnNo, filingNo, reason: '不去了' })
    expect(again.outcome).toBe('refused')
  })

  it('claims the month from the funds (3203) once, and to the fen, and takes the claim back (3204)', async () => {
    const { centre, call } = bench
    const application = await settledMonth(bench)
    const wrong = { ...application, fundFen: subtractFen(application.fundFen, fen(1)) }
    expect((await centre.applyForClearing(call(), wrong)).outcome).toBe('refused')
    const { applicationNo } = said(await centre.applyForClearing(call(), application))
    expect((await centre.applyForClearing(call(), application)).outcome).toBe('refused')
    said(await centre.cancelClearing(call(), applicationNo))
    expect((await centre.cancelClearing(call(), applicationNo)).outcome).toBe('refused')
    said(await centre.applyForClearing(call(), application))
  })
})

/** One visit settled, and the claim that its month comes to. */
async function settledMonth(bench: NationalBench): Promise<ClearingApplication> {
  const { centre, call, clock } = bench
  const { request } = await visitOf(bench, 'V3')
  const quoted = said(await centre.preSettle(call(), request))
  const { figures } = said(await centre.settle(call(), { ...request, quoted }))
  const [year = '', month = ''] = businessDateOf(clock.now()).split('-')
  const from = businessDate(`${year}-${month}-01`)
  const next = Number(month) === 12 ? `${Number(year) + 1}-01` : `${year}-${pad(Number(month) + 1)}`
  return {
    clrType: '11',
    clrWay: '1',
    month: `${year}${month}`,
    from,
    to: addDays(businessDate(`${next}-01`), -1),
    people: 1,
    totalFen: figures.totalFen,
    inScopeFen: figures.inScopeFen,
    fundFen: figures.fundFen,
    accountFen: figures.accountFen,
    cashFen: figures.cashFen,
  }
}

const pad = (month: number): string => String(month).padStart(2, '0')

type Ordered = Pick<AuditRequest['orders'][number], 'lineId' | 'nationalCode' | 'quantity'>

const reviewOf =
  ({ clock }: NationalBench, visit: { psnNo: string; mdtrtId: string }) =>
  (more: readonly Ordered[]): AuditRequest => ({
    system: 'HIS',
    scene: '1',
    patient: { id: visit.psnNo, name: local.name, gender: '1', bornOn: businessDate('1980-01-01') },
    mdtrtId: visit.mdtrtId,
    insutype: '310',
    medType: '11',
    diagnosis: { code: 'J06.900', name: '急性上呼吸道感染' },
    orders: [{ lineId: 'L1', nationalCode: 'XA01', quantity: 1 }, ...more].map((order) => ({
      ...order,
      ownCode: `local-${order.nationalCode}`,
      name: '药品',
      amountFen: fen(202_00),
      at: clock.now(),
    })),
  })
