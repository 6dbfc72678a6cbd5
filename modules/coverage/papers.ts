import { createHash } from 'node:crypto'

import { addFen } from '../../kernel/money.ts'
import type { KeptBill } from './bill.ts'
import type { ClaimDocument, DocumentKind } from './insurer.ts'
import { keptOf, type Plan, type PolicyOrder } from './plan.ts'

/** Pure: the papers that follow from what we know ourselves. Receipt and summary are others'. */
export function ownPapers(
  { bill, paid }: Plan,
  order: PolicyOrder,
  kinds: readonly DocumentKind[],
): ClaimDocument[] {
  const papers: ClaimDocument[] = []
  if (kinds.includes('bill')) {
    papers.push(paper('bill', '费用账单', order, billContent(bill, paid, order)))
  }
  if (kinds.includes('items')) papers.push(paper('items', '费用清单', order, itemsContent(bill)))
  return papers
}

const billContent = (bill: KeptBill, paid: Plan['paid'], order: PolicyOrder) => ({
  visitNo: bill.visitNo,
  visitKind: bill.kind,
  department: bill.department,
  billedAt: bill.billedAt,
  billNos: [...new Set(bill.lines.map((line) => line.billNo))],
  totalFen: addFen(...bill.lines.map((line) => line.amountFen)),
  pooledFen: paid.pooledFen,
  accountFen: paid.accountFen,
  otherPoliciesFen: order.otherFen,
  paidByPolicyFen: keptOf(order),
  policyNo: order.policyNo,
  settlementNo: order.settlementNo,
})

const itemsContent = (bill: KeptBill) => ({
  visitNo: bill.visitNo,
  items: bill.lines.map((line) => ({
    billNo: line.billNo,
    lineNo: line.lineNo,
    code: line.code,
    nationalCode: line.nationalCode,
    name: line.name,
    spec: line.spec,
    unit: line.unit,
    chargeCategory: line.chargeCategory,
    insuranceClass: line.insuranceClass,
    quantity: line.quantity,
    unitPriceFen: line.unitPriceFen,
    amountFen: line.amountFen,
  })),
})

function paper(
  kind: DocumentKind,
  title: string,
  { orderNo }: PolicyOrder,
  value: object,
): ClaimDocument {
  const content = Buffer.from(JSON.stringify(value))
  const sha256 = createHash('sha256').update(content).digest('hex')
  const documentNo = `${orderNo}-${kind}`
  return { kind, documentNo, title, contentType: 'application/json', content, sha256 }
}
