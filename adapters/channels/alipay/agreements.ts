import { fen } from '../../../kernel/money.ts'
import type {
  AgreementAnswer,
  AgreementOrder,
  Agreements,
  RevokeAnswer,
} from '../../../modules/payments/index.ts'
import { AgreementFound, momentOf } from './answers.ts'
import type { ApiRequest, Client } from './client.ts'
import type { AlipayAccount } from './params.ts'
import { WITHHOLDING } from './requests.ts'
import { AGREEMENT_REFUSALS, refusalOf, SUCCESS } from './translation.ts'

type Contract = NonNullable<AlipayAccount['agreements']>

/**
 * 商家扣款: agreements are signed on Alipay's page, to which the payer's browser brings what we have signed; so nobody is
 * asked, and until the payer goes there a query finds none. One that has ended is not found, either.
 *
 * Source: Alipay open platform, 商家扣款: alipay.user.agreement.page.sign, .query, .unsign.
 */
export function createAgreements(
  account: AlipayAccount,
  contract: Contract,
  client: Client,
): Agreements {
  const { mostPerPaymentFen, mostPerDayFen } = contract
  return {
    most: { perPaymentFen: fen(mostPerPaymentFen), perDayFen: fen(mostPerDayFen) },
    sign(call, order) {
      const params = client.sign(call, signRequest(contract, order))
      const signed = new URLSearchParams(params).toString().replaceAll('+', '%20')
      const url = `${account.gatewayUrl}?${signed}`
      return Promise.resolve({ outcome: 'pending', payerAction: { kind: 'page', url } })
    },
    query: (call, order) =>
      client.ask<AgreementAnswer>(call, queryRequest(contract, order), (reply) =>
        reply.code === SUCCESS
          ? readAgreement(order, reply.node)
          : refusalOf(AGREEMENT_REFUSALS, reply),
      ),
    revoke: (call, order) =>
      client.ask<RevokeAnswer>(call, unsignRequest(contract, order), (reply) =>
        reply.code === SUCCESS ? { outcome: 'revoked' } : refusalOf(AGREEMENT_REFUSALS, reply),
      ),
  }
}

const signRequest = (
  { personalProductCode, signScene, accessChannel }: Contract,
  { signNo, returnUrl }: AgreementOrder,
): ApiRequest => ({
  method: 'alipay.user.agreement.page.sign',
  content: {
    product_code: WITHHOLDING,
    personal_product_code: personalProductCode,
    sign_scene: signScene,
    external_agreement_no: signNo,
    access_params: { channel: accessChannel },
  },
  notified: true,
  returnUrl,
})

const queryRequest = (contract: Contract, order: AgreementOrder): ApiRequest => ({
  method: 'alipay.user.agreement.query',
  content: nameOf(contract, order),
  ...secretsOf(order),
})

const unsignRequest = (contract: Contract, order: AgreementOrder): ApiRequest => ({
  method: 'alipay.user.agreement.unsign',
  content: nameOf(contract, order),
  notified: true,
  ...secretsOf(order),
})

/** By Alipay's own number where it is known, and else by ours, which counts within its product and scene. */
const nameOf = (
  { personalProductCode, signScene }: Contract,
  { signNo, agreementNo }: AgreementOrder,
): Record<string, string> =>
  agreementNo === null
    ? {
        personal_product_code: personalProductCode,
        sign_scene: signScene,
        external_agreement_no: signNo,
      }
    : { agreement_no: agreementNo }

const secretsOf = ({ agreementNo }: AgreementOrder) =>
  agreementNo === null ? {} : { secrets: [agreementNo] }

function readAgreement(order: AgreementOrder, node: unknown): AgreementAnswer {
  if (!AgreementFound.Check(node)) return unknown('the agreement cannot be read')
  const { agreement_no: agreementNo, external_agreement_no: signNo, status } = node
  const isOther = order.agreementNo !== null && agreementNo !== order.agreementNo
  if (isOther || (signNo !== undefined && signNo !== order.signNo)) {
    return unknown('it is another agreement')
  }
  switch (status) {
    case 'TEMP':
      return { outcome: 'pending' }
    case 'STOP':
      return { outcome: 'suspended' }
    case 'UNSIGN':
      return { outcome: 'ended' }
    case 'NORMAL': {
      // A moment a century ahead is how Alipay writes that it holds until somebody ends it.
      const [signedAt, validUntil] = [momentOf(node.sign_time), momentOf(node.invalid_time)]
      return { outcome: 'active', agreementNo, signedAt, validUntil }
    }
    default:
      return unknown(`status ${status.slice(0, 40)} is not known`)
  }
}

const unknown = (reason: string) => ({ outcome: 'unknown', reason }) as const
