import { createHash } from 'node:crypto'

import { isBusinessDate } from '../../../../kernel/time.ts'
import { statementOf } from '../core/books.ts'
import { aboutClaim } from '../core/claims.ts'
import { type Context, faultKeyOf, Refusal } from '../core/context.ts'
import {
  type IncomingDocument,
  isDocumentKind,
  aboutFile,
  reviewed,
  submitPapers,
} from '../core/papers.ts'
import { findPolicy, policiesOf, viewOf } from '../core/policies.ts'
import { foundOrNot, type Work } from './claims.ts'
import {
  child,
  children,
  codeOf,
  identifierOf,
  nodeOf,
  type Node,
  optionalChild,
  text,
  wrong,
} from './reader.ts'
import { coverage, done, eligibility, fileTask, found, reconciliation } from './resources.ts'
import { CS, SID } from './systems.ts'

/** Coverage/_search, by post so that nobody's number stands in an address. */
export function searchCoverage(context: Context, hospital: string, form: URLSearchParams): Work {
  const [system, idCardNo = ''] = (form.get('beneficiary.identifier') ?? '').split('|')
  const name = form.get('beneficiary.name') ?? ''
  if (system !== SID.residentId || !/^[0-9A-Z]{6,20}$/.test(idCardNo) || name === '') {
    throw wrong('beneficiary.identifier')
  }
  const digest = createHash('sha256').update(idCardNo).digest('hex')
  return {
    key: `${hospital}/person ${digest.slice(0, 12)}`,
    policyNo: null,
    perform: () =>
      found(policiesOf(context, { idCardNo, name }).map((policy) => coverage(policy, idCardNo))),
  }
}

/** CoverageEligibilityRequest/$submit: the terms of policies and what of them is used. */
export function checkEligibility(context: Context, hospital: string, request: Node): Work {
  const policyNos = children(request, 'insurance', 1, 50).map((insurance) =>
    identifierOf(child(insurance, 'coverage'), SID.policy),
  )
  return {
    key: `${hospital}/policy ${policyNos.join(' ')}`,
    policyNo: null,
    perform() {
      const policies = policyNos.map((policyNo) => {
        const policy = findPolicy(context, policyNo)
        if (!policy) throw new Refusal('policy_not_found', 'there is no such policy')
        return viewOf(context, policy)
      })
      return done(eligibility(policies, context.clock.now()))
    },
  }
}

/** A transaction of a Task claim-documents and its DocumentReferences. */
export function takePapers(context: Context, hospital: string, bundle: Node): Work {
  if (text(bundle, 'type') !== 'transaction') throw wrong('Bundle.type')
  const [first, ...rest] = children(bundle, 'entry', 2, 21).map((e) => child(e, 'resource'))
  if (first?.value['resourceType'] !== 'Task') throw wrong('Bundle.entry[0].resource')
  const [identifier] = children(first, 'identifier', 1, 1)
  if (identifier?.value['system'] !== SID.submission) throw wrong('Task.identifier')
  const submissionNo = text(identifier, 'value', 64)
  const basedOn = children(first, 'basedOn', 0, 1)[0]
  const [consent] = children(first, 'input', 1, 1)
  const reference = child(consent ?? first, 'valueReference')
  const submission = {
    hospital,
    submissionNo,
    claim: { hospital, claimNo: identifierOf(child(first, 'focus'), SID.claim) },
    fileNo: basedOn ? identifierOf(basedOn, SID.file) : null,
    consent: { no: identifierOf(reference, SID.consent), version: text(reference, 'display', 64) },
    documents: rest.map(readDocument),
  }
  const about = aboutClaim(context, submission.claim)
  return {
    key: faultKeyOf(context, hospital, submissionNo, `papers of ${about.key}`),
    policyNo: about.policyNo,
    perform() {
      const file = submitPapers(context, submission)
      return done({
        resourceType: 'Bundle',
        type: 'transaction-response',
        entry: [
          { resource: fileTask(file, context.clock.now()), response: { status: '201' } },
          ...rest.map(() => ({ response: { status: '201' } })),
        ],
      })
    },
  }
}

export const findFile = (context: Context, hospital: string, fileNo: string): Work => ({
  key: aboutFile(context, { hospital, fileNo }),
  policyNo: null,
  perform: () =>
    foundOrNot(() => fileTask(reviewed(context, { hospital, fileNo }), context.clock.now())),
})

export function findReconciliation(context: Context, hospital: string, created: string): Work {
  if (!isBusinessDate(created)) throw wrong('created')
  return {
    key: `${hospital}/${created}`,
    policyNo: null,
    perform: () =>
      found([
        reconciliation(statementOf(context, hospital, created), created, context.clock.now()),
      ]),
  }
}

function readDocument(document: Node): IncomingDocument {
  if (document.value['resourceType'] !== 'DocumentReference') throw wrong(document.path)
  const kind = codeOf(child(document, 'type'), CS.document)
  if (!isDocumentKind(kind)) throw wrong(`${document.path}.type`)
  const [content] = children(document, 'content', 1, 1)
  const attachment = child(content ?? document, 'attachment')
  const data = attachment.value['data']
  if (typeof data !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) throw wrong(attachment.path)
  const bytes = Buffer.from(data, 'base64')
  // R4 has the hash of an attachment as SHA-1.
  const sha1 = createHash('sha1').update(bytes).digest('base64')
  if (text(attachment, 'hash') !== sha1) throw wrong(`${attachment.path}.hash`)
  const [identifier] = children(document, 'identifier', 1, 1)
  return {
    kind,
    documentNo: text(identifier ?? nodeOf(null, document.path), 'value', 64),
    title: text(attachment, 'title'),
    contentType: text(attachment, 'contentType'),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    content: bytes,
  }
}

export const hasTaskCode = (task: Node, code: string): boolean =>
  codeOf(child(task, 'code'), CS.task) === code && optionalChild(task, 'focus') !== null
