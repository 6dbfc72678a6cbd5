import { createHash } from 'node:crypto'

import { type Fen, toYuanText } from '../../../kernel/money.ts'
import { businessDateOf, toShanghaiIso } from '../../../kernel/time.ts'
import type {
  AdvanceRequest,
  BillLine,
  ClaimDocument,
  ClaimSubmission,
  ConfirmRequest,
  OrderNos,
  ReturnRequest,
} from '../../../modules/coverage/index.ts'
import type { FhirParams } from './params.ts'
import { CLAIM_TYPE, ICD_10, PROCESS_PRIORITY, type Systems, systemsOf } from './systems.ts'

/** The resources that the hub sends, in one insurer's namespace. */
export function createResources(params: FhirParams, now: () => Date) {
  const systems = systemsOf(params.namespace)
  const provider = { identifier: { system: systems.id('provider'), value: params.providerCode } }
  const sentAt = () => toShanghaiIso(now())
  const task = (code: string, focus: object) => ({
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    code: concept(systems.code('task'), code),
    focus,
    authoredOn: sentAt(),
    requester: provider,
  })
  const claimHead = (orderNo: string) => ({
    resourceType: 'Claim',
    identifier: [{ system: systems.id('hospital-order'), value: orderNo }],
    status: 'active',
    type: concept(CLAIM_TYPE, 'professional'),
    created: sentAt(),
    provider,
    priority: concept(PROCESS_PRIORITY, 'stat'),
  })
  return {
    eligibilityRequest: (policyNos: readonly string[]) => ({
      resourceType: 'CoverageEligibilityRequest',
      status: 'active',
      purpose: ['benefits'],
      patient: SOMEBODY,
      created: sentAt(),
      provider,
      insurer: INSURER,
      insurance: policyNos.map((policyNo) => ({ coverage: policyOf(systems, policyNo) })),
    }),
    preauthorization: (request: AdvanceRequest) => ({
      ...claimHead(request.orderNo),
      ...visitOf(systems, request),
    }),
    claim: ({ orderNo, insurerNo, policyNo, payFen }: ConfirmRequest) => ({
      ...claimHead(orderNo),
      use: 'claim',
      patient: SOMEBODY,
      insurance: [{ ...insuranceOf(systems, policyNo), preAuthRef: [insurerNo] }],
      total: money(payFen),
    }),
    cancel: ({ orderNo }: OrderNos) =>
      task('cancel', { identifier: { system: systems.id('hospital-order'), value: orderNo } }),
    giveBack: ({ refundNo, insurerNo, amountFen, reason }: ReturnRequest) => ({
      ...task('return', { identifier: { system: systems.id('claim'), value: insurerNo } }),
      identifier: [{ system: systems.id('hospital-refund'), value: refundNo }],
      reasonCode: { text: reason },
      input: [{ type: concept(systems.code('task'), 'amount'), valueMoney: money(amountFen) }],
    }),
    papers: (submission: ClaimSubmission) => bundleOf(systems, submission, task),
  }
}

function visitOf(systems: Systems, { holder, policyNo, bill }: AdvanceRequest) {
  const { diagnosis } = bill
  return {
    use: 'preauthorization',
    contained: [
      {
        resourceType: 'Patient',
        id: 'patient',
        identifier: [{ system: systems.id('resident-id'), value: holder.idCardNo }],
        name: [{ text: holder.name }],
      },
    ],
    patient: { reference: '#patient' },
    subType: concept(systems.code('visit-kind'), bill.kind),
    billablePeriod: { start: businessDateOf(bill.billedAt), end: businessDateOf(bill.billedAt) },
    insurance: [insuranceOf(systems, policyNo)],
    diagnosis:
      diagnosis === null
        ? undefined
        : [
            {
              sequence: 1,
              diagnosisCodeableConcept: {
                ...concept(ICD_10, diagnosis.code),
                text: diagnosis.name,
              },
            },
          ],
    item: bill.lines.map((line, index) => itemOf(systems, line, index, bill.visitNo)),
    total: money(bill.totalFen),
  }
}

const itemOf = (systems: Systems, line: BillLine, index: number, visitNo: string) => ({
  extension: [{ url: systems.extension('left-to-pay'), valueMoney: money(line.leftFen) }],
  sequence: index + 1,
  category: concept(systems.code('charge-category'), line.chargeCategory),
  productOrService: { ...concept(systems.code('hospital-item'), line.code), text: line.name },
  modifier: [concept(systems.code('catalogue-class'), line.insuranceClass)],
  quantity: { value: line.quantity },
  unitPrice: money(line.unitPriceFen),
  net: money(line.amountFen),
  encounter: [{ identifier: { system: systems.id('hospital-visit'), value: visitNo } }],
})

function bundleOf(
  systems: Systems,
  submission: ClaimSubmission,
  task: (code: string, focus: object) => object,
) {
  const { submissionNo, insurerNo, claimNo, consent, documents } = submission
  const claim = { identifier: { system: systems.id('claim'), value: insurerNo } }
  const order = {
    ...task('claim-documents', claim),
    identifier: [{ system: systems.id('hospital-submission'), value: submissionNo }],
    ...(claimNo === null
      ? {}
      : { basedOn: [{ identifier: { system: systems.id('claim-file'), value: claimNo } }] }),
    input: [
      {
        type: concept(systems.code('task'), 'consent'),
        valueReference: {
          identifier: { system: systems.id('consent'), value: consent.id },
          display: consent.version,
        },
      },
    ],
  }
  const resources = [order, ...documents.map((document) => documentOf(systems, document, claim))]
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource, index) => ({
      resource,
      request: { method: 'POST', url: index === 0 ? 'Task' : 'DocumentReference' },
    })),
  }
}

const documentOf = (systems: Systems, document: ClaimDocument, claim: object) => ({
  resourceType: 'DocumentReference',
  identifier: [{ system: systems.id('hospital-document'), value: document.documentNo }],
  status: 'current',
  type: concept(systems.code('document'), document.kind),
  content: [
    {
      attachment: {
        contentType: document.contentType,
        title: document.title,
        data: document.content.toString('base64'),
        // R4 has the hash of an attachment as SHA-1.
        hash: createHash('sha1').update(document.content).digest('base64'),
      },
    },
  ],
  context: { related: [claim] },
})

const insuranceOf = (systems: Systems, policyNo: string) => ({
  sequence: 1,
  focal: true,
  coverage: policyOf(systems, policyNo),
})

const policyOf = (systems: Systems, policyNo: string) => ({
  identifier: { system: systems.id('policy'), value: policyNo },
})

const concept = (system: string, code: string) => ({ coding: [{ system, code }] })

/** A JSON number of at most two decimals: exact, as it is printed by its shortest digits. */
const money = (amount: Fen) => ({ value: Number(toYuanText(amount)), currency: 'CNY' })

// Who it is stands in the policy or the preauthorization that is named; nobody is named twice.
const SOMEBODY = { type: 'Patient' }
const INSURER = { type: 'Organization' }
