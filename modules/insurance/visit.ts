import { createHash } from 'node:crypto'

import { assert } from '../../kernel/assert.ts'
import { addFen } from '../../kernel/money.ts'
import type { Payable, PayableLine } from '../payments/index.ts'
import type { Claim, ClaimedBill, ClaimLine } from './claim.ts'
import type {
  Credential,
  DetailLine,
  DetailResult,
  Details,
  MedType,
  NewVisit,
  VisitInfo,
} from './insurance-centre.ts'

// Pure: how bills become a visit with fee lines at the centre.

/** What of the bills a claim keeps. */
export const contentOf = (payables: readonly Payable[]) => ({
  contentHash: hashOf(payables),
  bills: payables.map(toClaimedBill),
  totalFen: addFen(...payables.map((payable) => payable.totalFen)),
  medType: medTypeOf(payables),
})

/** Changes with anything that is told to the centre about the bills. */
function hashOf(payables: readonly Payable[]): string {
  const told = payables.map(
    ({ billNo, version, department, doctor, diagnosis, billedAt, lines }) => [
      billNo,
      version,
      department.code,
      doctor.code,
      diagnosis.code,
      billedAt.toISOString(),
      lines.map((line) => [
        line.lineNo,
        line.code,
        line.nationalCode,
        line.quantity,
        line.unitPriceFen,
        line.amountFen,
      ]),
    ],
  )
  return createHash('sha256').update(JSON.stringify(told)).digest('hex')
}

const toClaimedBill = ({ billNo, department, doctor, billedAt }: Payable): ClaimedBill => ({
  billNo,
  department,
  doctor,
  billedAt: billedAt.toISOString(),
})

const medTypeOf = (payables: readonly Payable[]): MedType =>
  payables.every((payable) => payable.kind === 'registration') ? '12' : '11'

/** The visit is that of the first bill: payments puts bills of one visit together. */
export function newVisitOf(
  claim: Claim & { psnNo: string; insutype: string },
  credential: Credential,
): NewVisit {
  const [first] = claim.bills
  assert(first, 'a claim has a bill')
  return {
    psnNo: claim.psnNo,
    insutype: claim.insutype,
    credential,
    visitNo: claim.visitNo,
    department: first.department,
    doctor: first.doctor,
    begunAt: new Date(first.billedAt),
  }
}

export function visitInfoOf(claim: RegisteredClaim, payables: readonly Payable[]): VisitInfo {
  const [first] = payables
  assert(first, 'a quote is for a bill')
  // A registration is made before there is a diagnosis.
  const diagnosed = payables.filter((payable) => payable.diagnosis.code !== '')
  const byCode = new Map(diagnosed.map((payable) => [payable.diagnosis.code, payable]))
  return {
    psnNo: claim.psnNo,
    mdtrtId: claim.mdtrtId,
    medType: claim.medType,
    begunAt: first.billedAt,
    diagnoses: [...byCode.values()].map(({ diagnosis, department, doctor, billedAt }) => ({
      ...diagnosis,
      department,
      doctor,
      at: billedAt,
    })),
  }
}

/** The fee lines of one batch, in the order given. */
export function detailsOf(
  claim: RegisteredClaim,
  { batchNo, batchSeq }: { batchNo: string; batchSeq: number },
  lines: readonly PayableLine[],
): Details {
  const bills = new Map(claim.bills.map((bill) => [bill.billNo, bill]))
  return {
    psnNo: claim.psnNo,
    mdtrtId: claim.mdtrtId,
    batchNo,
    lines: lines.map((line, i) =>
      toDetailLine(line, bills.get(line.billNo), lineIdOf(batchSeq, i)),
    ),
  }
}

function toDetailLine(
  line: PayableLine,
  bill: ClaimedBill | undefined,
  lineId: string,
): DetailLine {
  assert(bill, `line ${line.lineNo} is of a bill of this claim`)
  return {
    lineId,
    nationalCode: line.nationalCode,
    ownCode: line.code,
    amountFen: line.amountFen,
    quantity: line.quantity,
    unitPriceFen: line.unitPriceFen,
    department: bill.department,
    doctor: bill.doctor,
    at: new Date(bill.billedAt),
  }
}

/** Unique within the visit, over all batches; sorts in the order of the lines. */
const lineIdOf = (batchSeq: number, index: number): string =>
  `${batchSeq}-${String(index + 1).padStart(5, '0')}`

/** The centre's word on each line, beside the line it is about. */
export function claimLinesOf(
  batchSeq: number,
  lines: readonly PayableLine[],
  results: readonly DetailResult[],
): ClaimLine[] {
  const byId = new Map(results.map((result) => [result.lineId, result]))
  return lines.map((line, i) => {
    const result = byId.get(lineIdOf(batchSeq, i))
    assert(result, 'the centre answers every line')
    return { ...result, batchSeq, billNo: line.billNo, lineNo: line.lineNo }
  })
}

/** A claim whose visit is registered at the centre. */
export type RegisteredClaim = Claim & { psnNo: string; insutype: string; mdtrtId: string }

export function registered(claim: Claim): RegisteredClaim {
  const { psnNo, insutype, mdtrtId } = claim
  assert(psnNo !== null && insutype !== null && mdtrtId !== null, 'the visit is registered')
  return { ...claim, psnNo, insutype, mdtrtId }
}
