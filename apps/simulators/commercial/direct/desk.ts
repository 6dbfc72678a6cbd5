import { createHash } from 'node:crypto'

import { addFen, ZERO } from '../../../../kernel/money.ts'
import { toShanghaiText } from '../../../../kernel/time.ts'
import { statementOf } from '../core/books.ts'
import { aboutClaim } from '../core/claims.ts'
import { Refusal, faultKeyOf } from '../core/context.ts'
import {
  aboutFile,
  DOCUMENT_MAX_BYTES,
  DOCUMENTS_MAX,
  type IncomingDocument,
  isDocumentKind,
  reviewed,
  submitPapers,
} from '../core/papers.ts'
import { policiesOf, type PolicyView } from '../core/policies.ts'
import { done } from './answers.ts'
import type { Fields } from './fields.ts'
import type { Handler } from './orders.ts'

export const queryPolicies: Handler = (context, hospital, fields) => {
  const person = { idCardNo: fields.match('certNo', /^[0-9A-Z]{6,20}$/), name: fields.text('name') }
  const digest = createHash('sha256').update(person.idCardNo).digest('hex')
  return {
    key: `${hospital}/person ${digest.slice(0, 12)}`,
    policyNo: null,
    perform: () => done({ policyList: policiesOf(context, person).map(policyData) }),
  }
}

export const submitClaim: Handler = (context, hospital, fields) => {
  const claim = { hospital, claimNo: fields.text('directPayNo') }
  const submission = {
    hospital,
    claim,
    submissionNo: fields.match('submissionNo', /^[0-9A-Za-z_-]{1,64}$/),
    fileNo: fields.optional('claimNo'),
    consent: { no: fields.text('consentNo'), version: fields.text('consentVersion') },
    documents: fields.list('documentList', 1, DOCUMENTS_MAX).map(readDocument),
  }
  const { key, policyNo } = aboutClaim(context, claim)
  return {
    key: faultKeyOf(context, hospital, submission.submissionNo, `papers of ${key}`),
    policyNo,
    perform: () => done({ claimNo: submitPapers(context, submission).fileNo }),
  }
}

export const queryClaim: Handler = (context, hospital, fields) => {
  const fileNo = fields.text('claimNo')
  return {
    key: aboutFile(context, { hospital, fileNo }),
    policyNo: null,
    perform() {
      const file = reviewed(context, { hospital, fileNo })
      return done({
        claimNo: file.fileNo,
        claimStatus: file.state,
        wantedList: file.wanted,
        reason: file.reason,
        ...(file.decidedAt ? { decideTime: toShanghaiText(file.decidedAt) } : {}),
      })
    },
  }
}

/** The day's list with its sums, and a digest over its rows. */
export const dayStatement: Handler = (context, hospital, fields) => {
  const day = fields.day('date')
  return {
    key: `${hospital}/${day}`,
    policyNo: null,
    perform() {
      const rows = statementOf(context, hospital, day)
      const list = rows.map((row) => ({
        type: row.kind === 'settlement' ? 'PAY' : 'REFUND',
        orderNo: row.ourNo,
        directPayNo: row.claimNo,
        businessNo: row.businessNo,
        amount: Math.abs(row.amountFen),
        time: toShanghaiText(row.at),
      }))
      const lines = list.map((l) => `${l.type}|${l.orderNo}|${l.businessNo}|${l.amount}|${l.time}`)
      return done({
        date: day,
        totalCount: list.length,
        netAmount: addFen(ZERO, ...rows.map((row) => row.amountFen)),
        listSha256: createHash('sha256').update(lines.join('\n')).digest('hex'),
        list,
      })
    },
  }
}

function readDocument(item: Fields): IncomingDocument {
  const kind = item.text('documentType')
  if (!isDocumentKind(kind)) throw new Refusal('invalid', `参数无效：documentType ${kind}`)
  return {
    kind,
    documentNo: item.text('documentNo'),
    title: item.text('title', 200),
    contentType: item.text('contentType', 100),
    sha256: item.match('sha256', /^[0-9a-f]{64}$/),
    content: item.bytes('content', DOCUMENT_MAX_BYTES),
  }
}

const POLICY_STATUS = { in_force: '1', suspended: '2', lapsed: '3' } as const

const policyData = (policy: PolicyView): object => ({
  policyNo: policy.policyNo,
  productCode: policy.product.code,
  productName: policy.product.name,
  policyStatus: POLICY_STATUS[policy.state],
  beginDate: policy.beginsOn,
  endDate: policy.endsOn,
  waitingEndDate: policy.paysFrom,
  deductible: policy.product.deductibleFen,
  deductibleUsed: policy.deductibleUsedFen,
  ratioPpm: policy.product.ratioPpm,
  outsideRatioPpm: policy.product.outsideRatioPpm,
  limitAmount: policy.product.capFen,
  paidAmount: policy.benefitUsedFen,
  excludedCategoryList: policy.product.excludedCategories,
})
