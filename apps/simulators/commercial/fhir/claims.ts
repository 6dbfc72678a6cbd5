import { createHash } from 'node:crypto'

import { addFen, type Fen } from '../../../../kernel/money.ts'
import type { Loss, LossLine } from '../core/benefit.ts'
import { aboutClaim, advance, cancel, confirm, problemOf, query } from '../core/claims.ts'
import { type Context, faultKeyOf, Refusal } from '../core/context.ts'
import { refund, refundOf } from '../core/refunds.ts'
import type { Answer } from '../core/run-call.ts'
import {
  child,
  children,
  codeOf,
  dayOf,
  identifierOf,
  moneyOf,
  type Node,
  text,
  wrong,
} from './reader.ts'
import { cancelTask, claimResponse, done, found, refuse, returnTask } from './resources.ts'
import { CS, EXT, SID } from './systems.ts'

/** What an interaction does for one hospital. Reading may throw before anything is done. */
export type Work = { key: string; policyNo: string | null; perform(): Answer }

/** Claim/$submit: a preauthorization promises, a claim with its preAuthRef settles. */
export function submitClaim(context: Context, hospital: string, claim: Node): Work {
  return text(claim, 'use') === 'claim'
    ? settle(context, hospital, claim)
    : preauthorize(context, hospital, claim)
}

function preauthorize(context: Context, hospital: string, claim: Node): Work {
  if (text(claim, 'use') !== 'preauthorization') throw wrong('Claim.use')
  const requestNo = orderNoOf(claim)
  const [insurance] = children(claim, 'insurance', 1, 1)
  if (!insurance) throw wrong('Claim.insurance')
  const policyNo = identifierOf(child(insurance, 'coverage'), SID.policy)
  const loss = readLoss(claim)
  const visitNo = visitNoOf(claim)
  const request = { hospital, requestNo, policyNo, visitNo, loss, idCardNo: residentIdOf(claim) }
  return {
    key: faultKeyOf(context, hospital, requestNo, visitNo),
    policyNo,
    perform: () =>
      done(
        claimResponse(
          advance(context, { ...request, digest: digestOf(request) }),
          context.clock.now(),
        ),
      ),
  }
}

function settle(context: Context, hospital: string, claim: Node): Work {
  const requestNo = orderNoOf(claim)
  const [insurance] = children(claim, 'insurance', 1, 1)
  const references = insurance?.value['preAuthRef']
  const claimNo: unknown = Array.isArray(references) ? references[0] : null
  if (typeof claimNo !== 'string' || claimNo === '') throw wrong('Claim.insurance[0].preAuthRef')
  const policyNo = identifierOf(child(insurance ?? claim, 'coverage'), SID.policy)
  const amountFen = moneyOf(child(claim, 'total'))
  return {
    key: faultKeyOf(context, hospital, requestNo, null),
    policyNo,
    perform() {
      const settled = confirm(context, { hospital, claimNo }, amountFen)
      const problem = problemOf(settled)
      // Answered and not thrown: that the claim failed is kept.
      if (problem !== null) return refuse(problem)
      return done(claimResponse(settled, context.clock.now()))
    },
  }
}

export const findOrder = (context: Context, hospital: string, requestNo: string): Work => ({
  key: faultKeyOf(context, hospital, requestNo, null),
  policyNo: null,
  perform: () =>
    foundOrNot(() => claimResponse(query(context, { hospital, requestNo }), context.clock.now())),
})

/** Task cancel: of an order that is not settled, known or not. */
export function cancelOrder(context: Context, hospital: string, task: Node): Work {
  const requestNo = identifierOf(child(task, 'focus'), SID.order)
  return {
    key: faultKeyOf(context, hospital, requestNo, null),
    policyNo: null,
    perform: () =>
      done(cancelTask(cancel(context, { hospital, requestNo }), context.clock.now()), 201),
  }
}

/** Task return: money of a settled claim goes back. */
export function returnMoney(context: Context, hospital: string, task: Node): Work {
  const [identifier] = children(task, 'identifier', 1, 1)
  if (identifier?.value['system'] !== SID.refund) throw wrong('Task.identifier')
  const refundNo = text(identifier, 'value', 64)
  const claim = { hospital, claimNo: identifierOf(child(task, 'focus'), SID.claim) }
  const [input] = children(task, 'input', 1, 1)
  const amountFen = moneyOf(child(input ?? task, 'valueMoney'))
  if (amountFen < 1) throw wrong('Task.input[0].valueMoney')
  const parent = `refund of ${aboutClaim(context, claim).key}`
  return {
    key: faultKeyOf(context, hospital, refundNo, parent),
    policyNo: null,
    perform: () => done(returnTask(refund(context, { hospital, refundNo, claim, amountFen })), 201),
  }
}

export const findReturn = (context: Context, hospital: string, refundNo: string): Work => ({
  key: faultKeyOf(context, hospital, refundNo, null),
  policyNo: null,
  perform: () => foundOrNot(() => returnTask(refundOf(context, { hospital, refundNo }))),
})

/** A search that finds nothing is an empty list and no error. */
export function foundOrNot(find: () => object): Answer {
  try {
    return found([find()])
  } catch (error) {
    const isNone =
      error instanceof Refusal && ['claim_not_found', 'refund_not_found'].includes(error.kind)
    if (!isNone) throw error
    return found([])
  }
}

function readLoss(claim: Node): Loss {
  const lines = children(claim, 'item', 1).map(readLine)
  const totalFen = moneyOf(child(claim, 'total'))
  if (addFen(...lines.map((line) => line.amountFen)) !== totalFen) throw wrong('Claim.total')
  const kind = codeOf(child(claim, 'subType'), CS.visitKind)
  const visitKind = (['registration', 'outpatient', 'online'] as const).find((k) => k === kind)
  if (!visitKind) throw wrong('Claim.subType')
  return {
    visitKind,
    visitOn: dayOf(child(claim, 'billablePeriod'), 'start'),
    diagnoses: children(claim, 'diagnosis', 0, 20).map((diagnosis) =>
      codeOf(child(diagnosis, 'diagnosisCodeableConcept'), CS.icd10),
    ),
    totalFen,
    lines,
  }
}

function readLine(item: Node, index: number): LossLine {
  if (item.value['sequence'] !== index + 1) throw wrong(`${item.path}.sequence`)
  const amountFen = moneyOf(child(item, 'net'))
  const leftFen = extensionMoney(item, EXT.leftToPay)
  if (leftFen > amountFen) throw wrong(`${item.path}.extension`)
  const [modifier] = children(item, 'modifier', 1, 1)
  const grade = codeOf(modifier ?? item, CS.catalogueClass)
  const catalogueClass = (['A', 'B', 'C'] as const).find((known) => known === grade)
  if (!catalogueClass) throw wrong(`${item.path}.modifier`)
  return {
    lineNo: String(index + 1),
    code: codeOf(child(item, 'productOrService'), CS.item),
    name: text(child(item, 'productOrService'), 'text'),
    category: codeOf(child(item, 'category'), CS.chargeCategory),
    catalogueClass,
    amountFen,
    leftFen,
  }
}

function extensionMoney(node: Node, url: string): Fen {
  const extension = children(node, 'extension').find(({ value }) => value['url'] === url)
  if (!extension) throw wrong(`${node.path}.extension`)
  return moneyOf(child(extension, 'valueMoney'))
}

function orderNoOf(claim: Node): string {
  const [identifier] = children(claim, 'identifier', 1, 1)
  if (identifier?.value['system'] !== SID.order) throw wrong('Claim.identifier')
  return text(identifier, 'value', 64)
}

function visitNoOf(claim: Node): string {
  const [item] = children(claim, 'item', 1)
  const [encounter] = children(item ?? claim, 'encounter', 1, 1)
  return identifierOf(encounter ?? claim, SID.visit)
}

function residentIdOf(claim: Node): string {
  const [patient] = children(claim, 'contained', 1, 1)
  const [identifier] = children(patient ?? claim, 'identifier', 1, 1)
  if (identifier?.value['system'] !== SID.residentId) throw wrong('Claim.contained[0].identifier')
  return text(identifier, 'value', 32)
}

const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex')
