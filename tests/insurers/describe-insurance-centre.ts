import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { ProfileName } from '../../apps/simulators/insurance/index.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate, DAY_MS } from '../../kernel/time.ts'
import type { SettleRequest } from '../../modules/insurance/index.ts'
import {
  credentialOf,
  department,
  doctor,
  ELSEWHERE,
  exampleLines,
  fromElsewhere,
  local,
  type NationalBench,
  said,
  startNationalBench,
} from './national-bench.ts'

/** What holds of every province: the money is the same, whatever the envelope and the spelling. */
export function describeInsuranceCentre(profile: ProfileName): void {
  describe(`the centre of ${profile}`, () => {
    let bench: NationalBench
    beforeAll(async () => void (bench = await startNationalBench(profile)))
    afterAll(() => bench.simulator.stop())

    it.each<[string, (bench: NationalBench) => Promise<void>]>([
      ['settles an outpatient visit, knows it, and takes it back', outpatient],
      ['settles a stay in hospital, takes it back, and settles it anew', inpatient],
      ['F-44 voids a settlement by its own message', voided],
      ['pays over the internet and gives back', mobilePayment],
      ['gives its catalogue, as files and page by page', catalogue],
      ['tells what it knows', inquiries],
      ['settles and clears a person from elsewhere', elsewhere],
      ['sends nothing that does not fit, and names the field', misfit],
    ])('%s', async (_what, scenario) => {
      await scenario(bench)
      expect(bench.simulator.checkBooks()).toEqual([])
    })
  })
}

/** Registered, diagnosed and charged, with what a settlement of it asks. */
export async function visitOf(
  { centre, call, clock }: NationalBench,
  visitNo: string,
  person = local,
) {
  const at = clock.now()
  const region = person.insurance.admdvs
  const credential = credentialOf(person)
  const { psnNo } = said(await centre.person(call(null), credential))
  const { mdtrtId } = said(
    await centre.register(call(region), {
      psnNo,
      insutype: '310',
      credential,
      visitNo,
      department,
      doctor,
      begunAt: at,
    }),
  )
  const diagnoses = [{ code: 'J06.900', name: '急性上呼吸道感染', department, doctor, at }]
  said(
    await centre.visitInfo(call(region), { psnNo, mdtrtId, medType: '11', begunAt: at, diagnoses }),
  )
  const lines = exampleLines(at)
  const batchNo = `B-${visitNo}`
  const results = said(await centre.uploadDetails(call(region), { psnNo, mdtrtId, batchNo, lines }))
  expect(results.map((line) => line.ownFen)).toEqual([98_00, 0, 0, 0])
  const request: SettleRequest = {
    psnNo,
    credential,
    medType: '11',
    totalFen: fen(638_00),
    mdtrtId,
    batchNo,
    insutype: '310',
    useAccount: true,
  }
  return { psnNo, mdtrtId, request }
}

async function outpatient(bench: NationalBench) {
  const { centre, call } = bench
  const { psnNo, mdtrtId, request } = await visitOf(bench, 'V1')
  const quoted = said(await centre.preSettle(call(), request))
  expect(quoted).toMatchObject({ totalFen: 638_00, ownFen: 98_00, inScopeFen: 458_00 })
  const settle = call()
  const settled = said(await centre.settle(settle, { ...request, quoted }))
  expect(settled.figures).toMatchObject({ fundFen: quoted.fundFen, cashFen: quoted.cashFen })
  const known = said(await centre.querySettlement(call(), { psnNo, mdtrtId, setlId: null }))
  expect(known).toMatchObject({
    setlId: settled.setlId,
    msgid: settle.msgid,
    refunded: false,
    figures: { fundFen: quoted.fundFen, accountFen: quoted.accountFen },
  })
  const { setlId } = settled
  const back = said(await centre.cancelSettlement(call(), { psnNo, mdtrtId, setlId }))
  expect(back.figures).toMatchObject({ totalFen: 638_00, fundFen: quoted.fundFen })
}

async function inpatient({ centre, call, clock, pass }: NationalBench) {
  const admittedAt = clock.now()
  const credential = credentialOf(local)
  const { psnNo } = said(await centre.person(call(null), credential))
  const diagnoses = [{ code: 'J18.900', name: '肺炎', department, doctor, at: admittedAt }]
  const admission = {
    psnNo,
    insutype: '310',
    credential,
    medType: '21',
    stayNo: 'I1',
    department,
    bed: '12',
    doctor,
    admittedAt,
    diagnoses,
    disease: null,
  }
  const { mdtrtId } = said(await centre.admit(call(), admission))
  const stay = { psnNo, mdtrtId }
  const lines = exampleLines(clock.now()).map((line) => ({
    ...line,
    lineId: `I-${line.lineId}`,
    medType: '21',
    orderNo: null,
    returnsLineId: null,
  }))
  said(await centre.uploadInpatientDetails(call(), { ...stay, lines }))
  pass(2 * DAY_MS)
  said(
    await centre.discharge(call(), {
      ...stay,
      insutype: '310',
      department,
      bed: '12',
      dischargedAt: clock.now(),
      way: '1',
      diagnoses,
      disease: null,
      operation: null,
    }),
  )
  const request = {
    ...stay,
    credential,
    totalFen: fen(638_00),
    insutype: '310',
    useAccount: true,
    isMidStay: false,
  }
  const quoted = said(await centre.preSettleInpatient(call(), request))
  const settled = said(await centre.settleInpatient(call(), request))
  expect(settled.figures).toMatchObject({ totalFen: 638_00, fundFen: quoted.fundFen })
  const back = said(
    await centre.cancelInpatientSettlement(call(), { ...stay, setlId: settled.setlId }),
  )
  expect(back.figures.fundFen).toBe(quoted.fundFen)
  // A lost answer: the message is declared void, and only then another settlement goes.
  const lost = call()
  said(await centre.settleInpatient(lost, request))
  const message = { psnNo, msgid: lost.msgid, infno: '2304' as const }
  expect(said(await centre.reverseInpatient(call(), message))).toEqual({ reversed: true })
  expect(said(await centre.settleInpatient(call(), request)).figures.totalFen).toBe(638_00)
}

async function voided(bench: NationalBench) {
  const { centre, call } = bench
  const { psnNo, request } = await visitOf(bench, 'V2')
  const quoted = said(await centre.preSettle(call(), request))
  const lost = call()
  said(await centre.settle(lost, { ...request, quoted }))
  const message = { psnNo, msgid: lost.msgid, infno: '2207' as const }
  expect(said(await centre.reverse(call(), message))).toEqual({ reversed: true })
}

async function mobilePayment({ centre, mobile, simulator, call, clock }: NationalBench) {
  const { psnNo } = said(await centre.person(call(null), credentialOf(local)))
  const scan = {
    code: local.media.insuranceVoucher,
    purpose: '01301',
    operator: doctor,
    office: department,
  }
  const voucher = said(await mobile.decodeVoucher(call(), scan))
  expect(voucher).toMatchObject({ name: local.name, idNo: local.idCardNo })
  const at = clock.now()
  const person = { name: local.name, idType: '01', idNo: local.idCardNo }
  const key = said(
    await mobile.uploadMobileFees(call(), {
      consent: { kind: 'voucher', token: voucher.token },
      person,
      psnNo,
      insutype: '310',
      insuredRegion: '999900',
      orderNo: 'O1',
      visitNo: 'V-M1',
      mdtrtId: null,
      begunAt: at,
      department,
      medType: '11',
      feeType: '01',
      batchNo: 'B-M1',
      totalFen: fen(638_00),
      ownFen: fen(98_00),
      overLimitFen: fen(18_00),
      firstShareFen: fen(64_00),
      inScopeFen: fen(458_00),
      diagnoses: [{ code: 'J06.900', name: '急性上呼吸道感染', department, doctor, at }],
      lines: exampleLines(at),
    }),
  )
  const payment = {
    ...key,
    payAuthNo: simulator.authorize(psnNo),
    requestNo: 'R1',
    batchNo: 'B-M1',
    feeType: '01',
    mdtrtId: '',
    useAccount: true,
    totalFen: fen(638_00),
  }
  const paid = said(await mobile.payMobile(call(), payment))
  expect(paid).toMatchObject({ state: 'settled', amounts: { totalFen: 638_00 } })
  const asked = said(await mobile.mobileOrder(call(), { ...key, ...person }))
  expect(asked).toMatchObject({ state: 'settled', amounts: paid.amounts })
  const amounts = paid.amounts
  if (!amounts) throw new Error('a settled order has amounts')
  const refund = {
    payOrderId: key.payOrderId,
    consent: { kind: 'authorised' as const, payAuthNo: simulator.authorize(psnNo) },
    refundNo: 'RF1',
    at,
    scope: 'all' as const,
    ...amounts,
  }
  expect(said(await mobile.refundMobile(call(), refund))).toEqual({ state: 'done' })
  // The same number brings the first answer again, and moves nothing.
  expect(said(await mobile.refundMobile(call(), refund))).toEqual({ state: 'done' })
  expect(said(await mobile.mobileOrder(call(), { ...key, ...person })).state).toBe('closed')
  const stranger = await mobile.mobileOrder(call(), { ...key, ...person, name: '他人' })
  expect(stranger.outcome).toBe('refused')
}

async function catalogue({ centre, call }: NationalBench) {
  const which = { infno: '1301' as const, sinceVersion: '0' }
  const file = said(await centre.catalogueFile(call(), which))
  const codes: string[] = []
  let version = ''
  for await (const part of centre.catalogueFileRows(call(), { infno: '1301', file })) {
    if (part.outcome !== 'ok') throw new Error(JSON.stringify(part))
    codes.push(...part.data.map((row) => row.code))
    version = part.data.at(-1)?.version ?? ''
  }
  expect(codes).toEqual(['XA01', 'XB10', 'XB20', 'XB20L', 'XC01'])
  expect(file.rowCount).toBe(5)
  const after = await centre.catalogueFile(call(), { ...which, sinceVersion: version })
  expect(said(after).rowCount).toBe(0)
  // The hospital's own preparations: it has none.
  const own = await centre.catalogueFile(call(), { infno: '1303', sinceVersion: '0' })
  expect(said(own).rowCount).toBe(0)

  const since = { updatedSince: businessDate('2000-01-01'), firstPage: 1, pageSize: 2 }
  const levels = new Map<string, string | null>()
  for await (const { answer } of centre.cataloguePages(call, { kind: 'items', ...since })) {
    for (const item of said(answer)) levels.set(item.code, item.level)
  }
  expect([
    levels.size,
    [...levels.values()].toSorted((a, b) => String(a).localeCompare(String(b))),
  ]).toEqual([5, ['A', 'B', 'B', 'B', 'C']])
  const limits: number[] = []
  for await (const { answer } of centre.cataloguePages(call, { kind: 'price_limits', ...since })) {
    limits.push(...said(answer).map((limit) => limit.limitMicroYuan))
  }
  expect(limits).toEqual([100_000_000])
  const shares = new Set<number>()
  for await (const { answer } of centre.cataloguePages(call, { kind: 'first_shares', ...since })) {
    for (const { shareBp } of said(answer)) shares.add(shareBp)
  }
  expect(shares).toContain(2_000)
}

async function inquiries(bench: NationalBench) {
  const { centre, call, clock } = bench
  const { psnNo, mdtrtId } = await visitOf(bench, 'V3')
  const diagnoses = said(await centre.diagnoses(call(), { psnNo, mdtrtId }))
  expect(diagnoses.map((one) => one.code)).toEqual(['J06.900'])
  const visits = said(
    await centre.visits(call(), {
      psnNo,
      medType: '11',
      from: new Date(clock.now().getTime() - DAY_MS),
      to: clock.now(),
    }),
  )
  expect(visits.map((visit) => visit.mdtrtId)).toContain(mdtrtId)
  const entitled = said(
    await centre.entitlements(call(), {
      psnNo,
      insutype: '310',
      medType: '11',
      from: clock.now(),
      disease: null,
    }),
  )
  expect(entitled.some((one) => one.isEntitled)).toBe(true)
  expect(said(await centre.accumulations(call(), { psnNo, month: null })).length).toBeGreaterThan(0)
  expect(said(await centre.chronicFilings(call(), psnNo))).toEqual([])
  said(await centre.signOut(call()))
  said(await centre.person(call(null), credentialOf(local)))
}

async function elsewhere(bench: NationalBench) {
  const { centre, call, clock } = bench
  const { request } = await visitOf(bench, 'V4', fromElsewhere)
  const quoted = said(await centre.preSettle(call(ELSEWHERE), request))
  said(await centre.settle(call(ELSEWHERE), { ...request, quoted }))
  const [year = '', month = ''] = clock.now().toISOString().split('-')
  const rows = said(await centre.elsewhereRows(call(), { year, month, startRow: 1 }))
  expect(rows).toMatchObject([{ totalFen: 638_00, mdtrtId: expect.any(String) as string }])
  const confirmed = rows.map((row) => ({ ...row, isConfirmed: true }))
  const { confirmationNo } = said(
    await centre.confirmElsewhere(call(), { year, month, rows: confirmed }),
  )
  said(await centre.rollBackElsewhere(call(), { year, month, confirmationNo }))
  // Where the answer was lost there is no number: everything of the month is rolled back.
  said(await centre.confirmElsewhere(call(), { year, month, rows: confirmed }))
  said(await centre.rollBackElsewhere(call(), { year, month, confirmationNo: null }))
}

async function misfit({ centre, call, outcomes, clock }: NationalBench) {
  const answer = await centre.register(call(), {
    psnNo: 'P1',
    insutype: '310',
    credential: credentialOf(local),
    visitNo: 'V5',
    department: { code: 'K1', name: '科'.repeat(101) },
    doctor,
    begunAt: clock.now(),
  })
  const message = '2201 data.dept_name is longer than 100'
  expect(answer).toEqual({ outcome: 'refused', message })
  expect(outcomes.at(-1)).toBe(`2201 门诊挂号: refused: ${message}`)
}
